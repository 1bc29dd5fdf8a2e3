using KalmanFilter;

// A body moves in the plane at constant velocity; its position is measured with noise every tenth of a second.
var filter = new ConstantVelocityFilter(timeStep: 0.1, processNoise: 0.01, measurementNoise: 0.5);
var random = new Random(1);
var (measuredError, filteredError) = (0.0, 0.0);
const int Steps = 1000;
for (var step = 1; step <= Steps; step++)
{
    double[] truth = [0.3 * step * 0.1, 2 - (0.2 * step * 0.1)];
    double[] measured = [truth[0] + Noise(), truth[1] + Noise()];
    filter.Step(measured);
    measuredError += Distance(measured, truth);
    filteredError += Distance(filter.State, truth);
}

Console.WriteLine($"mean error: measured {measuredError / Steps:F3}, filtered {filteredError / Steps:F3}; velocity {filter.State[2]:F3}, {filter.State[3]:F3} (true 0.300, -0.200)");
return filteredError < measuredError / 2 ? 0 : 1;

double Noise() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) * Math.Sqrt(0.5);

static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Math.Sqrt(((a[0] - b[0]) * (a[0] - b[0])) + ((a[1] - b[1]) * (a[1] - b[1])));
