namespace CharRnn.Rnn.Training;

/// <summary>The kinds of work that an update of <see cref="LayeredNetwork{T}"/> is made of.</summary>
internal enum LayeredWork
{
    /// <summary>The products with the layer below, over all time steps at once; the first layer's input is one-hot and needs none.</summary>
    Inputs,

    /// <summary>Time step by time step the products with the states before, and the cell's equations.</summary>
    Forward,

    /// <summary>O = V H.</summary>
    Logits,

    /// <summary>The probabilities, the losses, and the logits' gradients.</summary>
    Softmax,

    /// <summary>The gradients of V and c.</summary>
    DenseGradients,

    /// <summary>dH = V' G.</summary>
    GradientFromLogits,

    /// <summary>Back through time: the cell's gradients, and through its products to the states before.</summary>
    Backward,

    /// <summary>The gradients of all of a layer's parameters.</summary>
    WeightGradients,

    /// <summary>The gradient of the layer below, through the products with it.</summary>
    GradientBelow,

    /// <summary>The optimiser's rule.</summary>
    Rule,

    /// <summary>The copies of the new weights that the backward pass reads, and what else the next chunk begins with.</summary>
    Renewal,
}

/// <summary>The order of that work.</summary>
internal static class LayeredWorks
{
    /// <summary>All the work of an update, with the layer that it is of, from 0; -1 where it is of none.</summary>
    /// <param name="layers">How many layers the network has.</param>
    public static IEnumerable<(LayeredWork Work, int Layer)> Of(int layers)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            if (layer > 0)
            {
                yield return (LayeredWork.Inputs, layer);
            }

            yield return (LayeredWork.Forward, layer);
        }

        foreach (var work in (LayeredWork[])[LayeredWork.Logits, LayeredWork.Softmax, LayeredWork.DenseGradients, LayeredWork.GradientFromLogits])
        {
            yield return (work, -1);
        }

        for (var layer = layers - 1; layer >= 0; layer--)
        {
            yield return (LayeredWork.Backward, layer);
            yield return (LayeredWork.WeightGradients, layer);
            if (layer > 0)
            {
                yield return (LayeredWork.GradientBelow, layer);
            }
        }

        yield return (LayeredWork.Rule, -1);
        yield return (LayeredWork.Renewal, -1);
    }
}
