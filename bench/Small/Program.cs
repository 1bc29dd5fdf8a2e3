using System.Globalization;
using CharRnn.Benchmarks.Kernels;
using CharRnn.Kernels.Reference;
using CharRnn.Small;

// The smallest kernels by direct calls, checks included, as a loop of one's own makes them, in native code (`dotnet publish bench/Small -c Release -o small`).
// Beside them System.Numerics' Matrix4x4, whose operands are read from and written to the same arrays, and loops over any number type.
const int Rounds = 60;
const double RoundNanoseconds = 30_000;

var (left, right, result) = (Values(3000), Values(64), new float[3000]);
Row[] rows =
[
    new("MatVec 4x4", Loop.Of<MatVec4x4>(left[..16], right[..4], result[..4]), null, Scalar(() => ScalarKernels.MatVec<float>(4, 4, left.AsSpan(0, 16), right.AsSpan(0, 4), result.AsSpan(0, 4)))),
    new("MatVec 6x6", Loop.Of<MatVec6x6>(left[..36], right[..6], result[..6]), null, Scalar(() => ScalarKernels.MatVec<float>(6, 6, left.AsSpan(0, 36), right.AsSpan(0, 6), result.AsSpan(0, 6)))),
    new("MatVec 8x8", Loop.Of<MatVec8x8>(left[..64], right[..8], result[..8]), null, Scalar(() => ScalarKernels.MatVec<float>(8, 8, left.AsSpan(0, 64), right.AsSpan(0, 8), result.AsSpan(0, 8)))),
    new("MatVecTransposed 4x4", Loop.Of<MatVecTransposed4x4>(left[..16], right[..4], result[..4]), Loop.Of<TransformByNumerics>(left[..16], right[..4], result[..4]), Scalar(() => ScalarKernels.MatVecTransposed<float>(4, 4, left.AsSpan(0, 16), right.AsSpan(0, 4), result.AsSpan(0, 4)))),
    new("OuterProduct 4x4", Loop.Of<OuterProduct4x4>(left[..4], right[..4], result[..16]), null, Scalar(() => ScalarKernels.OuterProduct<float>(4, 4, left.AsSpan(0, 4), right.AsSpan(0, 4), result.AsSpan(0, 16)))),
    new("MatMul 3x3", Loop.Of<MatMul3x3>(left[..9], right[..9], result[..9]), null, Scalar(() => ScalarKernels.MatMul<float>(3, 3, 3, left.AsSpan(0, 9), right.AsSpan(0, 9), result.AsSpan(0, 9)))),
    new("MatMul 4x4", Loop.Of<MatMul4x4>(left[..16], right[..16], result[..16]), Loop.Of<MultiplyByNumerics>(left[..16], right[..16], result[..16]), Scalar(() => ScalarKernels.MatMul<float>(4, 4, 4, left.AsSpan(0, 16), right.AsSpan(0, 16), result.AsSpan(0, 16)))),
    new("MatMul 6x6", Loop.Of<MatMul6x6>(left[..36], right[..36], result[..36]), null, Scalar(() => ScalarKernels.MatMul<float>(6, 6, 6, left.AsSpan(0, 36), right.AsSpan(0, 36), result.AsSpan(0, 36)))),
    new("MatMul 8x8", Loop.Of<MatMul8x8>(left[..64], right[..64], result[..64]), null, Scalar(() => ScalarKernels.MatMul<float>(8, 8, 8, left.AsSpan(0, 64), right.AsSpan(0, 64), result.AsSpan(0, 64)))),
    new("1000 points by 3x3", Loop.Of<MatMul1000x3>(left, right[..9], result), null, Scalar(() => ScalarKernels.MatMul<float>(1000, 3, 3, left, right.AsSpan(0, 9), result))),
];

Action<int>[] loops = [.. rows.SelectMany(row => new[] { row.Kernel, row.Matrix4x4, row.Loops }).OfType<Action<int>>()];
var times = Timing.Least(loops, Rounds, RoundNanoseconds).Zip(loops).ToDictionary(pair => pair.Second, pair => pair.First);
Console.WriteLine($"Processor: {Timing.Processor()}; .NET {Environment.Version}, native. Nanoseconds, float, the least of {Rounds} interleaved rounds.");
Console.WriteLine();
Console.WriteLine("| | generated | Matrix4x4 | plain loops | generated / Matrix4x4 |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var row in rows)
{
    var (kernel, plain) = (times[row.Kernel], times[row.Loops]);
    var (peer, ratio) = row.Matrix4x4 is { } matrix ? (Text(times[matrix]), (kernel / times[matrix]).ToString("F2", CultureInfo.InvariantCulture)) : (string.Empty, string.Empty);
    Console.WriteLine($"| {row.Name} | {Text(kernel)} | {peer} | {Text(plain)} | {ratio} |");
}

static string Text(double nanoseconds) => nanoseconds.ToString(nanoseconds < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

static float[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 7) - 3f)];

static Action<int> Scalar(Action call) => calls =>
{
    for (var i = 0; i < calls; i++)
    {
        call();
    }
};

/// <summary>One product: each contender a loop of so many calls.</summary>
internal sealed record Row(string Name, Action<int> Kernel, Action<int>? Matrix4x4, Action<int> Loops);
