using Covariance;

// Position and velocity in space, 6 states: what is not known of them grows with every step that is not measured.
var prediction = new CovariancePrediction(timeStep: 0.1, processNoise: 0.01);
var expected = prediction.Covariance.ToArray();
const int Steps = 100;
for (var step = 0; step < Steps; step++)
{
    prediction.Step();
    CovariancePrediction.StepInLoops(prediction.Transition, prediction.Noise, expected);
}

var isSymmetric = true;
var largestError = 0.0;
for (var i = 0; i < CovariancePrediction.States; i++)
{
    for (var j = 0; j < CovariancePrediction.States; j++)
    {
        var (value, mirrored) = (prediction.Covariance[(i * CovariancePrediction.States) + j], prediction.Covariance[(j * CovariancePrediction.States) + i]);
        isSymmetric &= BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(mirrored);
        largestError = Math.Max(largestError, Math.Abs(value - expected[(i * CovariancePrediction.States) + j]));
    }
}

Console.WriteLine($"after {Steps} steps: variance of a position {prediction.Covariance[0]:F3}, symmetric to the bit: {isSymmetric}, largest difference to plain loops {largestError:E1}");
return isSymmetric && largestError < 1e-9 * prediction.Covariance[0] ? 0 : 1;
