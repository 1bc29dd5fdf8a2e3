using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

// The LSTM that charrnn bench times, in libtorch: K = 80 one-hot characters in, logits out, the mean of the cross entropies, Adam, nothing clipped.
// usage: Torch.Benchmarks HIDDEN LAYERS STREAMS STEPS THREADS SECONDS; prints the milliseconds of the fastest update
const int VocabularySize = 80, UpdatesBefore = 5;
var numbers = Array.ConvertAll(args, argument => int.Parse(argument, CultureInfo.InvariantCulture));
var (hidden, layers, streams, steps, threads, seconds) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
set_num_threads(threads);
random.manual_seed(1);

using var lstm = nn.LSTM(VocabularySize, hidden, layers, batchFirst: true);
using var dense = nn.Linear(hidden, VocabularySize);
using var adam = optim.Adam([.. lstm.parameters(), .. dense.parameters()], 1e-3);
using var text = randint(0, VocabularySize, [streams, steps + 1], dtype: ScalarType.Int64);
using var x = nn.functional.one_hot(text.narrow(1, 0, steps), VocabularySize).to_type(ScalarType.Float32);
using var y = text.narrow(1, 1, steps).reshape(-1);
var (h, c) = (zeros(layers, streams, hidden), zeros(layers, streams, hidden));
for (var i = 0; i < UpdatesBefore; i++)
{
    Update();
}

var (fastest, clock) = (double.PositiveInfinity, Stopwatch.StartNew());
while (clock.Elapsed.TotalSeconds < seconds)
{
    var start = Stopwatch.GetTimestamp();
    Update();
    fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
}

Console.WriteLine(fastest.ToString("F3", CultureInfo.InvariantCulture));

void Update()
{
    using var scope = NewDisposeScope();
    adam.zero_grad();
    var (output, lastH, lastC) = lstm.call(x, (h, c));
    nn.functional.cross_entropy(dense.call(output).reshape(-1, VocabularySize), y).backward();
    adam.step();
    h.Dispose();
    c.Dispose();
    (h, c) = (lastH.detach().MoveToOuterDisposeScope(), lastC.detach().MoveToOuterDisposeScope());
}
