using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;
using OwnCell;

// The gradient that the generator derived, before anything is trained with it.
var check = CellGradientCheck.Run(MinimalGatedUnit.Description);
Console.WriteLine(check);

// A text of your own in UTF-8, or the built-in tale.
var text = args.Length > 0 ? TextFile.Read(args[0]) : BuiltInText.Read();
var trainer = Trainer<float>.Begin(text, MinimalGatedUnit.Description, hiddenSize: 100);
using var network = trainer.Network;
while (trainer.Progress.Step < 3000 && trainer.Advance(1000))
{
    Console.WriteLine($"smooth loss after {trainer.Progress.Step} updates: {trainer.Progress.SmoothLoss:F2}");
}

var writer = new Writer<float>(network, text.Vocabulary, new Sampler(new SamplingSettings(), text.Vocabulary.Size));
writer.ReadLineEnd();
Console.WriteLine(string.Concat(writer.Write(300)));
return check.Ok ? 0 : 1;
