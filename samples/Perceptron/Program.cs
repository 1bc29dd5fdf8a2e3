using Perceptron;

// A batch of eight inputs at once, and one by one: the same numbers, through other kernels.
var network = new MultilayerPerceptron(seed: 1);
var random = new Random(2);
var inputs = new float[MultilayerPerceptron.Batch * MultilayerPerceptron.Inputs];
foreach (ref var value in inputs.AsSpan())
{
    value = (random.NextSingle() * 2) - 1;
}

var outputs = new float[MultilayerPerceptron.Batch * MultilayerPerceptron.Outputs];
network.ForwardBatch(inputs, outputs);

var largest = 0f;
var single = new float[MultilayerPerceptron.Outputs];
for (var i = 0; i < MultilayerPerceptron.Batch; i++)
{
    network.Forward(inputs.AsSpan(i * MultilayerPerceptron.Inputs, MultilayerPerceptron.Inputs), single);
    for (var j = 0; j < single.Length; j++)
    {
        largest = Math.Max(largest, Math.Abs(single[j] - outputs[(i * MultilayerPerceptron.Outputs) + j]));
    }
}

Console.WriteLine($"first outputs: {outputs[0]:F4} {outputs[1]:F4} {outputs[2]:F4}; largest difference between one by one and the batch: {largest:E1}");
return largest < 1e-5f ? 0 : 1;
