namespace CharRnn.Rnn.Gradients;

/// <summary>What may be wrong with a gradient that no mistake in a derivation gives: it was never computed, or it broke on the way.</summary>
internal static class NoDerivation
{
    /// <summary>The names of the causes.</summary>
    public static readonly string[] Names = ["not a number", "all zero", "one value everywhere", "a single element"];

    /// <summary>Numbers that are none, zeros, and one value everywhere.</summary>
    /// <param name="judge">The truth.</param>
    /// <param name="claimed">Gradients by name.</param>
    /// <param name="wrong">The names of those that are wrong.</param>
    public static List<Cause> Of(GradientJudge judge, IReadOnlyDictionary<string, double[]> claimed, string[] wrong)
    {
        var causes = new List<Cause>();
        foreach (var name in wrong.Where(name => !Array.TrueForAll(claimed[name], double.IsFinite)))
        {
            var values = claimed[name];
            var (nan, infinite) = (values.Count(double.IsNaN), values.Count(double.IsInfinity));
            var first = Place(judge, name, Array.FindIndex(values, value => !double.IsFinite(value)));
            Add("not a number", $"{nan} NaN and {infinite} infinite of {values.Length} elements, the first at {first}", "look for a division by zero, a logarithm of zero, an overflow of exp", name);
        }

        if (causes.Count > 0)
        {
            return Ranked(causes);
        }

        var zeros = wrong.Where(name => Array.TrueForAll(claimed[name], value => value == 0)).ToArray();
        if (zeros.Length > 0)
        {
            Add("all zero", "every element is 0", "the gradient was never computed, or never written back", zeros);
        }

        foreach (var name in wrong.Except(zeros).Where(name => claimed[name].Length > 2 && Array.TrueForAll(claimed[name], value => value == claimed[name][0])))
        {
            Add("one value everywhere", $"every element is {claimed[name][0]:G6}", "a constant is no gradient: look for a sum over the wrong axis, or a fill", name);
        }

        return Ranked(causes);

        void Add(string name, string form, string advice, params string[] explains) => causes.Add(new(name, form, advice, explains, [], 0, 0));
    }

    /// <summary>Parameters of which one element is wrong and all others right to rounding.</summary>
    public static IEnumerable<Cause> SingleElements(GradientJudge judge, IReadOnlyDictionary<string, double[]> claimed, string[] wrong)
    {
        foreach (var name in wrong.Where(name => claimed[name].Length > 2))
        {
            var (values, truth) = (claimed[name], judge.Truth[name]);
            var errors = values.Zip(truth, (value, right) => Math.Abs(value - right)).ToArray();
            var worst = Array.IndexOf(errors, errors.Max());
            var mended = (double[])values.Clone();
            mended[worst] = truth[worst];
            if (judge.Judge(name, mended).Ok)
            {
                yield return new("a single element", $"{Place(judge, name, worst)} of {name} is {values[worst]:G6} and should be {truth[worst]:G6}; all others are right", "look for what is done to that element alone", [name], [], 0, 1);
            }
        }
    }

    /// <summary>
    /// The size of what looks like noise: small in every parameter, spread over its elements. No formula that is wrong leaves so little; a
    /// difference quotient with its step does, and so does float where sums are long.
    /// </summary>
    /// <returns>The largest norm ratio; null where it is no noise.</returns>
    public static double? Noise(GradientJudge judge, IReadOnlyDictionary<string, double[]> claimed, string[] wrong)
    {
        // Of fewer than four elements nothing can be said about how an error is spread.
        const double Most = 1e-4, Few = 1e-5;
        var largest = 0.0;
        foreach (var name in wrong)
        {
            var (values, truth) = (claimed[name], judge.Truth[name]);
            var ratio = GradientMeasures.NormRatioOf(values, truth);
            largest = Math.Max(largest, ratio);
            var squares = values.Zip(truth, (value, right) => (value - right) * (value - right)).Where(square => square > 0).ToArray();
            var touched = Math.Max(1, truth.Count(value => value != 0));

            // How many elements the error is spread over: the square of the sum of squares over the sum of fourth powers.
            var spread = squares.Sum() * squares.Sum() / squares.Sum(square => square * square);
            if (touched < 4 ? !(ratio <= Few) : !(ratio <= Most && spread >= Math.Max(2, 0.05 * touched)))
            {
                return null;
            }
        }

        return largest;
    }

    private static string Place(GradientJudge judge, string name, int index)
    {
        var tensor = judge.Truth.Tensors.First(known => known.Name == name);
        return tensor.Shape.Length == 2 ? $"[{index / tensor.Shape[1]}, {index % tensor.Shape[1]}]" : $"[{index}]";
    }

    private static List<Cause> Ranked(List<Cause> causes) => [.. causes.Select((cause, i) => cause with { Rank = i + 1 })];
}
