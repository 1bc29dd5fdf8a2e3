using CharRnn.Kernels;
using Points;

// A thousand points, x y z one after another, turned about an axis and moved: one call, 64-byte-aligned memory, nothing copied.
const int Count = PointTransform.Count;
using var arena = new AlignedArena<float>(3 * Count, 3 * Count);
Span<float> points, turned;
unsafe
{
    points = new Span<float>(arena.Take(3 * Count), 3 * Count);
    turned = new Span<float>(arena.Take(3 * Count), 3 * Count);
}

var random = new Random(1);
foreach (ref var coordinate in points)
{
    coordinate = (float)((2 * random.NextDouble()) - 1);
}

// Points are rows, so the matrix stands at the right, transposed: a turn by 0.5 about z.
var (sine, cosine) = MathF.SinCos(0.5f);
float[] rotation = [cosine, sine, 0, -sine, cosine, 0, 0, 0, 1];
float[] translation = [1, 2, 3];
PointTransform.Apply(points, rotation, translation, turned);

var largestError = 0f;
for (var i = 0; i < Count; i++)
{
    var (x, y, z) = (points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2]);
    largestError = MathF.Max(largestError, MathF.Abs(turned[3 * i] - ((cosine * x) - (sine * y) + 1)));
    largestError = MathF.Max(largestError, MathF.Abs(turned[(3 * i) + 1] - ((sine * x) + (cosine * y) + 2)));
    largestError = MathF.Max(largestError, MathF.Abs(turned[(3 * i) + 2] - (z + 3)));
}

Console.WriteLine($"{Count} points turned and moved; largest difference to plain arithmetic {largestError:E1}");
return largestError < 1e-6f ? 0 : 1;
