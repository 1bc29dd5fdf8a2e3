using BenchmarkDotNet.Running;
using CharRnn.Benchmarks.Kernels;
using CharRnn.Benchmarks.Recurrent;

// kernels: the quick tables of the package's README. sweep: small and thin shapes by direct calls, beside the same work otherwise.
// update: whole updates, by every form of the kernels and by others. generator: what the generator costs a build.
// watch: what watching the units costs a training. Anything else goes to BenchmarkDotNet.
return args switch
{
    ["kernels", .. var choices] => KernelTable.Run(Console.Out, choices),
    ["sweep", .. var words] => Sweep.Run(words, Console.Out),
    ["update", .. var words] => UpdateTable.Run(words, Console.Out),
    ["watch"] => WatchCost.Run(Console.Out, 5),
    ["generator"] => GeneratorTime.Run(Console.Out),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any() ? 0 : 1,
};
