using BenchmarkDotNet.Running;
using CharRnn.Benchmarks.Kernels;

// kernels: the quick table of the package's README. generator: what the generator costs a build. Anything else goes to BenchmarkDotNet.
return args switch
{
    ["kernels"] => KernelTable.Run(Console.Out),
    ["generator"] => GeneratorTime.Run(Console.Out),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1,
};
