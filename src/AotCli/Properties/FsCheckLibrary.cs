using CharRnn.Rnn.Properties;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace CharRnn.AotCli.Properties;

/// <summary>
/// FsCheck behind the seam. Under native AOT its own runners fail, for they print through F#'s printf, and so does
/// anything that finds generators by reflection: the runner, the generator and the shrinker here are explicit.
/// </summary>
public sealed class FsCheckLibrary : IPropertyLibrary
{
    /// <inheritdoc/>
    public string Name => "FsCheck";

    /// <inheritdoc/>
    public int[]? Falsify(IReadOnlyList<(int Low, int High)> ranges, Func<int[], bool> holds, int cases, ulong seed)
    {
        var generator = Gen.Constant(Array.Empty<int>());
        foreach (var (low, high) in ranges)
        {
            generator = generator.SelectMany(numbers => Gen.Choose(low, high).Select(number => (int[])[.. numbers, number]));
        }

        int[]? falsified = null;
        var property = Prop.ForAll(Arb.From(generator, numbers => Smaller(numbers, ranges)), (int[] numbers) =>
        {
            if (holds(numbers))
            {
                return true;
            }

            // Shrinking goes on only from a case that fails, so the last one is the smallest.
            falsified = numbers;
            return false;
        });
        var runner = new Runner();
        Check.One(Config.Default.WithRunner(runner).WithMaxTest(cases).WithReplay(seed, (seed * 2) + 1), property);
        return runner.Failed ? falsified ?? throw new InvalidOperationException("FsCheck could not run the property.") : null;
    }

    /// <summary>Each number in turn: its least value, half way there, one less.</summary>
    private static IEnumerable<int[]> Smaller(int[] numbers, IReadOnlyList<(int Low, int High)> ranges)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            var low = ranges[i].Low;
            foreach (var smaller in new[] { low, low + ((numbers[i] - low) / 2), numbers[i] - 1 }.Distinct())
            {
                if (smaller >= low && smaller < numbers[i])
                {
                    var copy = (int[])numbers.Clone();
                    copy[i] = smaller;
                    yield return copy;
                }
            }
        }
    }

    private sealed class Runner : IRunner
    {
        public bool Failed { get; private set; }

        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult) => Failed = !testResult.IsPassed;
    }
}
