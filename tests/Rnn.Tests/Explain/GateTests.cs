using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Explain;

/// <summary>The gates of cells: which they are, and how far they are open.</summary>
public sealed class GateTests
{
    [Theory]
    [InlineData("vanilla", "")]
    [InlineData("gru", "r z")]
    [InlineData("gru-before", "r z")]
    [InlineData("lstm", "i f o")]
    public void The_gates_of_a_cell_are_what_its_equations_say(string cell, string expected) =>
        Assert.Equal(expected, string.Join(' ', BuiltInCells.Find(cell)!.Gates.Select(gate => gate.Name)));

    [Fact]
    public void A_cell_of_ones_own_has_the_gates_that_are_sigmoids_and_no_states() =>
        Assert.Equal([new CellGate("sigmoid 2", 1), new("passes", 2)], GatedTestCell.Description.Gates);

    [Fact]
    public void A_gate_is_what_the_equations_compute()
    {
        // One unit, one layer: the equations of the cell below by hand.
        var weights = new ReferenceParameters<double>(new NetworkShape(1, 2) { Cell = GatedTestCell.Description });
        foreach (var (name, values) in ((string, double[])[])[("U", [0.7, -0.4]), ("W", [0.9]), ("W2", [-1.3]), ("b", [0.2]), ("bg", [1.7]), ("V", [0.5, -0.5])])
        {
            values.CopyTo(weights[name == "V" ? name : $"layer0.{name}"], 0);
        }

        var network = new ReferenceNetwork<double>(weights);
        network.SetHidden([0.3, -0.2]);
        int[] read = [0, 1, 1];
        network.Forward(read, read);
        double h = 0.3, c = -0.2;
        for (var t = 0; t < read.Length; t++)
        {
            c = Sigmoid((read[t] == 0 ? 0.7 : -0.4) + 0.2 + c);
            double inner = Sigmoid(-1.3 * h), passes = Sigmoid((0.9 * h) + (inner * 1.7));
            h = passes * Math.Tanh(c);
            Assert.Equal(inner, network.Gate(GatedTestCell.Description.Gates[0], 0, t)[0], 12);
            Assert.Equal(passes, network.Gate(GatedTestCell.Description.Gates[1], 0, t)[0], 12);
        }

        static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
    }

    /// <summary>Biases of 10 and -10 open and shut a gate whatever is read; of two layers each has its own. Wide layers are looked at in fewer stretches.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(230)]
    public void A_gate_that_is_held_open_or_shut_is_seen_so(int units)
    {
        var text = HandMade.RandomText(3000);
        var weights = new NetworkWeights<double>(new NetworkShape(units, 2) { Cell = Gru.Description, Layers = 2 });
        Array.Fill(weights["layer0.br"], 10);
        Array.Fill(weights["layer0.bz"], -10);
        Array.Fill(weights["layer1.bz"], 10);
        weights["layer1.br"][0] = -10;
        weights["layer1.br"][1] = 10;
        using var reader = new NetworkReader(HandMade.Model(text, weights, new double[2 * units]));
        var characters = StateTrace.Characters(text, 0, 2100);
        var trace = StateTrace.Read(reader, characters, 100);
        var gates = GateTrace.Measure(ReferenceNetwork<double>.From(weights), trace, characters.AsSpan(100));
        Assert.Equal(["r of layer 1", "z of layer 1", "r of layer 2", "z of layer 2"], gates.Select(gate => gate.Name));
        Assert.Equal([(1.0, 0.0), (0, 1), (1.0 / units, 1.0 / units), (1, 0)], gates.Select(gate => (gate.Open, gate.Shut)));
        Assert.Equal([(units, 0), (0, units), (1, 1), (units, 0)], gates.Select(gate => (gate.UnitsOpen, gate.UnitsShut)));
        Assert.Equal([true, true, false, true], gates.Select(gate => gate.IsStuck));
        Assert.Equal(1 - (2.0 / units), gates[2].InBetween, 12);
        Assert.Equal(0.5, gates[2].Mean, 6);
    }

    /// <summary>A gate follows the state before the character and the character itself: read one place off, it would be another.</summary>
    [Fact]
    public void A_gate_belongs_to_its_character_and_to_the_state_before_it()
    {
        var text = HandMade.RandomText(3000);
        var weights = new NetworkWeights<double>(new NetworkShape(1, 2) { Cell = Gru.Description });
        weights["layer0.bz"][0] = -10;
        (weights["layer0.Un"][0], weights["layer0.Un"][1]) = (-6, 6);   // h is -1 after a and 1 after b
        (weights["layer0.Wr"][0], weights["layer0.Ur"][0], weights["layer0.Ur"][1], weights["layer0.br"][0]) = (10, -10, 10, -5);   // open where b follows b
        using var reader = new NetworkReader(HandMade.Model(text, weights));
        var characters = StateTrace.Characters(text, 0, 2100);
        var trace = StateTrace.Read(reader, characters, 100);
        var gates = GateTrace.Measure(ReferenceNetwork<double>.From(weights), trace, characters.AsSpan(100));
        const int watched = 79 * 25;   // each but the first, in whole stretches
        var both = Enumerable.Range(101, watched).Count(t => characters[t - 1] == 1 && characters[t] == 1);
        Assert.Equal(((double)both / watched, 1 - ((double)both / watched)), (gates[0].Open, gates[0].Shut));
        Assert.Equal((0.0, 1.0), (gates[1].Open, gates[1].Shut));
    }

    [Fact]
    public void Open_is_above_0_9_and_shut_below_0_1()
    {
        // Two units, four steps.
        var gate = GateTrace.Of("g", [0.91f, 0.11f, 0.89f, 0.09f, 0.91f, 0.05f, 0.91f, 0.05f], 2);
        Assert.Equal((3 / 8.0, 3 / 8.0, 0, 0), (gate.Open, gate.Shut, gate.UnitsOpen, gate.UnitsShut));
        Assert.Equal(0.49, gate.Mean, 6);
        Assert.Equal((1, 1), (GateTrace.Of("g", [0.95f, 0.02f], 2).UnitsOpen, GateTrace.Of("g", [0.95f, 0.02f], 2).UnitsShut));
    }
}

/// <summary>A state that is a sigmoid, a gate without a name within another, and one with a name.</summary>
[RecurrentCell]
internal sealed partial class GatedTestCell
{
    private readonly Matrix W, W2, U;
    private readonly Vector b, bg;

    private (Vector h, Vector c) Step(Vector h, Vector c, Vector x)
    {
        c = Sigmoid(U * x + b + c);
        var passes = Sigmoid(W * h + Sigmoid(W2 * h) * bg);
        return (passes * Tanh(c), c);
    }
}
