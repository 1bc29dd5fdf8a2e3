using System.Runtime.InteropServices;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Explain;

/// <summary>How far a gate was open over the characters read.</summary>
/// <param name="Name">As the cell's equations call it, with the layer's number where there are several.</param>
/// <param name="Open">The share of activations above 0.9.</param>
/// <param name="Shut">The share below 0.1.</param>
/// <param name="Mean">Their mean, from 0 to 1.</param>
/// <param name="UnitsOpen">For how many units it was open in over 90 % of the steps.</param>
/// <param name="UnitsShut">For how many units it was shut in over 90 % of the steps.</param>
public sealed record GateTrace(string Name, double Open, double Shut, double Mean, int UnitsOpen, int UnitsShut)
{
    private const float OpenAbove = 0.9f, ShutBelow = 0.1f;
    private const double MostSteps = 0.9;

    /// <summary>Multiplications at most: some tenths of a second. Wider networks are looked at in fewer stretches of the same characters.</summary>
    private const double Work = 3e8;

    /// <summary>Characters of a stretch that is read at once.</summary>
    private const int Stretch = 25;

    /// <summary>The share from 0.1 to 0.9.</summary>
    public double InBetween => 1 - Open - Shut;

    /// <summary>Whether over 90 % of the activations are on the same side, so that the gate is next to a constant.</summary>
    public bool IsStuck => Open > MostSteps || Shut > MostSteps;

    /// <summary>Counts.</summary>
    /// <param name="name">The gate's name.</param>
    /// <param name="activations">Row-major [T, units]; at least one row.</param>
    /// <param name="units">How many units.</param>
    internal static GateTrace Of(string name, ReadOnlySpan<float> activations, int units)
    {
        int steps = activations.Length / units, open = 0, shut = 0, unitsOpen = 0, unitsShut = 0;
        double sum = 0;
        for (var unit = 0; unit < units; unit++)
        {
            int openHere = 0, shutHere = 0;
            for (var t = 0; t < steps; t++)
            {
                var activation = activations[(t * units) + unit];
                openHere += activation > OpenAbove ? 1 : 0;
                shutHere += activation < ShutBelow ? 1 : 0;
                sum += activation;
            }

            (open, shut) = (open + openHere, shut + shutHere);
            unitsOpen += openHere > MostSteps * steps ? 1 : 0;
            unitsShut += shutHere > MostSteps * steps ? 1 : 0;
        }

        return new(name, (double)open / activations.Length, (double)shut / activations.Length, sum / activations.Length, unitsOpen, unitsShut);
    }

    /// <summary>
    /// The gates of all layers while characters are read. What a gate is follows from the state before and the character, so the cell's own equations are run
    /// once more, as they are written, from the states that the network had.
    /// </summary>
    /// <param name="network">The network in plain loops.</param>
    /// <param name="trace">Its states after each character.</param>
    /// <param name="characters">These characters.</param>
    internal static IReadOnlyList<GateTrace> Measure(ReferenceNetwork<double> network, StateTrace trace, ReadOnlySpan<int> characters)
    {
        var shape = network.Shape;
        var gates = shape.Cell.Gates;
        if (gates.Count == 0)
        {
            return [];
        }

        var stretches = (characters.Length - 1) / Stretch;
        var every = (int)Math.Ceiling(Math.Max(1, (double)shape.ParameterCount * stretches * Stretch / Work));
        var activations = Enumerable.Range(0, shape.Layers * gates.Count).Select(_ => new List<float>()).ToList();
        for (var stretch = 0; stretch < stretches; stretch += every)
        {
            network.SetHidden(trace.StateAfter(stretch * Stretch));
            network.Forward(characters.Slice((stretch * Stretch) + 1, Stretch), characters.Slice((stretch * Stretch) + 1, Stretch));
            for (var t = 0; t < Stretch; t++)
            {
                for (var i = 0; i < activations.Count; i++)
                {
                    foreach (var activation in network.Gate(gates[i % gates.Count], i / gates.Count, t))
                    {
                        activations[i].Add((float)activation);
                    }
                }
            }
        }

        return [.. activations.Select((values, i) => Of(Name(i), CollectionsMarshal.AsSpan(values), shape.HiddenSize))];

        string Name(int i) => shape.Layers == 1 ? gates[i].Name : $"{gates[i % gates.Count].Name} of layer {(i / gates.Count) + 1}";
    }
}
