using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>
/// What an update by Adam of any cell with any number of layers and streams asks of the processor. Everything comes from the cell's description:
/// R matrices on the states before and I on the input, each [m, m] but for the first layer's I, whose one-hot input selects a column.
/// </summary>
public static class LayeredPart
{
    /// <summary>The name of the rule.</summary>
    public const string Optimizer = "adam";

    /// <summary>
    /// Floating-point operations of an update's products, two for each multiply-add: for each character 6 R m^2 + 6 m K, and 6 (R + I) m^2 for
    /// each further layer, since each product comes once forward and twice backward.
    /// </summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="characters">Time steps by streams.</param>
    public static double Operations(NetworkShape shape, int characters) => All(shape, 1, characters, 0, 1).Sum(part => part.Operations);

    /// <summary>The parts of an update in the order in which training runs them. Padding to whole registers is not counted.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="steps">T.</param>
    /// <param name="streams">How many places of the text are read at once.</param>
    /// <param name="distinct">Different characters in the chunk.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    public static IReadOnlyList<UpdatePart> All(NetworkShape shape, int steps, int streams, int distinct, int elementSize)
    {
        var (plan, rule) = (shape.Cell.Plan, BuiltInRules.Create(Optimizer));
        double m = shape.HiddenSize, k = shape.VocabularySize, rows = steps * (double)streams, size = elementSize;
        double recurrent = plan.Products.Sum(product => product.Terms.Count), inputs = plan.Inputs.Count;
        double states = shape.Cell.States.Count, kept = plan.Kept, gradients = plan.Gradients, operands = plan.Products.Count, vectors = plan.Vectors.Count;
        var square = m * m;

        // The rule moves all weights, those without a gradient too.
        double moved = shape.ParameterCount;
        var copied = (shape.Layers * recurrent * square) + ((shape.Layers - 1) * inputs * square) + (m * k);
        return [.. LayeredWorks.Of(shape.Layers).Select(part => Of(part.Work, part.Layer))];

        UpdatePart Of(LayeredWork work, int layer) => work switch
        {
            LayeredWork.Inputs => Product($"layer{layer} inputs", inputs * square, (inputs * square) + (rows * m * (1 + inputs))),
            LayeredWork.Forward => Sweep($"layer{layer} forward", (recurrent * square) + (rows * m * (inputs + states + kept))),
            LayeredWork.Logits => Product("O = V H", m * k, (m * k) + (rows * (m + k))),
            LayeredWork.Softmax => Product("softmax", 0, 2 * rows * k),
            LayeredWork.DenseGradients => Product("dV and dc", m * k, (m * k) + k + (rows * (m + k))),
            LayeredWork.GradientFromLogits => Product("dH = V' G", m * k, (m * k) + (rows * (m + k))),
            LayeredWork.Backward => Sweep($"layer{layer} backward", (recurrent * square) + (rows * m * (1 + states + kept + gradients))),
            LayeredWork.WeightGradients when layer == 0 => Product(
                "layer0 gradients", recurrent * square, (recurrent * square) + (vectors * m) + (2.0 * distinct * inputs * m) + (rows * m * (operands + gradients))),
            LayeredWork.WeightGradients => Product(
                $"layer{layer} gradients", (recurrent + inputs) * square, ((recurrent + inputs) * square) + (vectors * m) + (rows * m * (operands + 1 + gradients))),
            LayeredWork.GradientBelow => Product($"layer{layer} to layer{layer - 1}", inputs * square, (inputs * square) + (rows * m * (inputs + 1))),

            // Weights, gradients and slots, each once: what is written goes back to where it was read.
            LayeredWork.Rule => new("Adam", 0, size * moved * (2 + rule.Slots.Count), 0, 0, moved),
            _ => Product("copies of weights", 0, (2 * copied) + (distinct * inputs * m)),
        };

        // Products over all rows at once: a tile can share what it reads among them.
        UpdatePart Product(string name, double matrices, double elements) => new(name, 2 * rows * matrices, size * elements, 0, 0, 0);

        // One time step waits for the other, and each goes through all of the matrices.
        UpdatePart Sweep(string name, double elements) => new(name, 2 * rows * recurrent * square, size * elements, size * recurrent * square, steps, 0);
    }
}
