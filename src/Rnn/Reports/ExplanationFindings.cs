using System.Globalization;
using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Reports;

/// <summary>Says in sentences what an explanation found, for the terminal and for the page.</summary>
public static class ExplanationFindings
{
    /// <summary>Nats to bits.</summary>
    private static readonly double Bits = 1 / Math.Log(2);

    /// <summary>The findings, in the order in which they are shown.</summary>
    public static IReadOnlyList<ExplanationFinding> Of(RunExplanation explanation)
    {
        List<ExplanationFinding> findings = [Units(explanation)];
        if (explanation.Gates.Count > 0)
        {
            findings.Add(Gates(explanation.Gates));
        }

        if (explanation.Eigenvalues.Count > 0)
        {
            findings.Add(Alone(explanation));
        }

        if (explanation.Memory is { } memory)
        {
            findings.Add(Memory(memory, explanation.SequenceLength));
        }

        if (explanation.Gradient is { } gradient)
        {
            findings.Add(Gradient(gradient, explanation.SequenceLength));
        }

        if (explanation.EpochStart is { } start)
        {
            findings.Add(Spikes(explanation, start));
        }

        if (explanation.ByPosition is { Hardest.Count: > 0 } positions)
        {
            findings.Add(Passages(positions));
        }

        return findings;
    }

    /// <summary>The kinds of units that there are, in words, the most first.</summary>
    /// <param name="census">The units of a layer.</param>
    public static string Counts(UnitCensus census) =>
        string.Join(", ", Enum.GetValues<UnitBehaviour>().Where(kind => census.Count(kind) > 0).OrderByDescending(census.Count).Select(kind => $"{census.Count(kind)} {Word(kind)}"));

    /// <summary>A kind of unit in a word.</summary>
    public static string Word(UnitBehaviour behaviour) => behaviour switch
    {
        UnitBehaviour.Dead => "dead",
        UnitBehaviour.Ticking => "ticking",
        UnitBehaviour.Oscillating => "oscillating",
        UnitBehaviour.Saturated => "saturated",
        UnitBehaviour.Constant => "of constant sign",
        _ => "alive",
    };

    /// <summary>What most of the lost units of a layer do, as a clause after their number.</summary>
    public static string LostUnits(UnitCensus census)
    {
        (int Count, string Clause)[] kinds =
        [
            (census.Count(UnitBehaviour.Ticking), "only tick"),
            (census.Count(UnitBehaviour.Oscillating), "only oscillate"),
            (census.Count(UnitBehaviour.Dead), "are dead"),
            (census.Count(UnitBehaviour.Saturated), "are saturated"),
        ];
        var shown = kinds.Where(kind => kind.Count > 0).OrderByDescending(kind => kind.Count).ToList();
        return shown.Count == 0 ? $"none of {census.Units.Count} units is lost"
            : $"{shown[0].Count} of {census.Units.Count} units {shown[0].Clause}{string.Concat(shown.Skip(1).Select(kind => $", {kind.Count} {kind.Clause}"))}";
    }

    private static ExplanationFinding Units(RunExplanation explanation)
    {
        var several = explanation.Layers.Count > 1;
        var seen = string.Join(" ", explanation.Layers.Select(layer => (several ? $"{layer.Name}: " : "") + Layer(layer)));
        var advice = "";
        if (explanation is { SuggestedEta: { } eta, FirstUpdate: { } first })
        {
            advice = $"AdaGrad's first update moved {Percent(first.MovedByEta)} of W's weights by eta = {Number(first.Eta)}, so that its norm went from {Short(first.NormBefore)} to {Short(first.Norm)}; try --eta {Number(eta)}.";
        }
        else if (explanation.Layers.Any(layer => layer.Census.Count(UnitBehaviour.Dead) > layer.Census.Units.Count / 10))
        {
            advice = "Dead units add nothing: try a smaller --eta, or fewer units.";
        }

        return new("units", "Units", seen, advice);

        static string Layer(LayerHealth layer)
        {
            if (2 * layer.LostByItself > layer.Census.Units.Count)
            {
                var rhythm = layer.OwnRhythm > 0 ? $", {layer.OwnRhythm} of them also when the same characters come in a random order" : "";
                return $"{Capital(LostUnits(layer.Census))}{rhythm}: these are the even stripes of the activation map, and they say next to nothing of the text.";
            }

            return $"{Counts(layer.Census)}, of {layer.Census.Units.Count}{(layer.Census.Periodic > 0 ? $"; the even stripes of the activation map are the {layer.Census.Periodic} that repeat themselves" : "; the stripes of the activation map follow the text")}.";
        }
    }

    private static ExplanationFinding Gates(IReadOnlyList<GateTrace> gates)
    {
        var seen = string.Join("; ", gates.Select(gate => $"{gate.Name} is open {Percent(gate.Open)} of the time, shut {Percent(gate.Shut)}, in between {Percent(gate.InBetween)}")) + ".";
        string[] stuck = [.. gates.Where(gate => gate.Open > 0.95 || gate.Shut > 0.95).Select(gate => gate.Name)];
        return new("gates", "Gates", seen, stuck.Length == 0 ? "" : $"{string.Join(", ", stuck)} hardly ever {(stuck.Length == 1 ? "changes" : "change")}: a cell without {(stuck.Length == 1 ? "it" : "them")} would do the same.");
    }

    private static ExplanationFinding Alone(RunExplanation explanation)
    {
        var largest = explanation.Eigenvalues[0];
        var beyond = explanation.Eigenvalues.Count(value => value.Magnitude > 1);
        var layer = explanation.Layers[0];
        string what;
        if (Math.Abs(largest.Imaginary) > 1e-9 * largest.Magnitude)
        {
            what = $"complex: left alone, the state turns with a period of {Short(2 * Math.PI / Math.Abs(largest.Phase))} characters";
        }
        else
        {
            what = largest.Real < 0 ? "negative: left alone, the state changes sign with every character" : "positive: left alone, the state goes one way and stays there";
        }

        var turns = largest.Magnitude > 1 && (largest.Real < 0 || Math.Abs(largest.Imaginary) > 1e-9 * largest.Magnitude);
        var seen = $"W's largest eigenvalue has modulus {Short(largest.Magnitude)} and is {what}; {beyond} of {explanation.Eigenvalues.Count} lie outside the unit circle, and the state's strongest period is {Short(layer.StrongestPeriod)} characters with {Percent(layer.Power.Skip(1).DefaultIfEmpty().Max())} of its variance.";
        return new("alone", "The state by itself", seen, turns && layer.OwnRhythm > 0
            ? "A rhythm that no text has takes room from what the text needs: a smaller --eta leaves W smaller."
            : layer.OwnRhythm > 0 ? "Most units follow the text; nothing to do." : "Nothing to do: what the state does comes from the text.");
    }

    private static ExplanationFinding Memory(MemoryCurve memory, int sequenceLength)
    {
        string At(int characters) => memory.Points.FirstOrDefault(point => point.CharactersBefore == characters) is { } point ? Fixed(point.Loss * Bits) : "";
        var seen = memory.Reach is { } reach
            ? $"The network looks {(reach == 0 ? "at the current character only" : $"about {reach} characters back")}: with no more than {(reach == 0 ? "that" : "these")} it needs {At(reach)} bits a character, with all that was read {Fixed(memory.Loss * Bits)}, and with the current one alone {At(0)}."
            : $"The network looks back further than {memory.Points[^1].CharactersBefore} characters, or its state only comes right where it began: from h = 0 it still needs {At(memory.Points[^1].CharactersBefore)} bits a character then, with everything {Fixed(memory.Loss * Bits)}.";
        var advice = memory.Reach is not { } far ? "Give it a state to begin from: sample and the report go on from the state that the weights carry."
            : far < sequenceLength ? $"A longer --seq-length than {sequenceLength} will not help by itself: more units, or a cell with gates, remember more."
            : $"It looks back as far as a chunk or further, where no gradient reaches: compare a run with a longer --seq-length than {sequenceLength}.";
        return new("memory", "Memory", seen, advice);
    }

    private static ExplanationFinding Gradient(GradientReach gradient, int sequenceLength)
    {
        double first = gradient.Norms[0], last = gradient.Norms[Math.Min(sequenceLength, gradient.Norms.Count - 1)];
        var after = Math.Min(sequenceLength, gradient.Norms.Count - 1);
        var seen = gradient.Explodes ? $"The gradient explodes: its norm is {Significant(first)} at the character itself and up to {Significant(gradient.Norms.Skip(10).Max())} further back."
            : gradient.VanishesAfter is { } vanishes ? $"The gradient vanishes: after {vanishes} characters its norm is below a hundredth of what it is at the character itself."
            : $"The gradient neither vanishes nor explodes: its norm is {Significant(first)} at the character itself and {Significant(last)} {after} characters back.";
        var advice = gradient.Explodes ? "Keep --clip, and try a smaller --eta."
            : gradient.VanishesAfter is { } gone && gone < sequenceLength ? $"What lies more than {gone} characters back is hardly learned from: a --seq-length beyond {sequenceLength} adds time, not memory." : "Nothing to do.";
        return new("gradient", "The gradient on its way back", seen, advice);
    }

    private static ExplanationFinding Spikes(RunExplanation explanation, EpochStart start)
    {
        var zeroing = $"Zeroing h at an epoch's start {(start.Cost < 0 ? "saves" : "costs")} {Fixed(Math.Abs(start.Cost))} nats in the first {start.Zeroed.Count} chunks, {Short(Math.Abs(start.SmoothCost), 4)} of smooth loss";
        string seen, advice;
        if (explanation.RiseAfterEpochStart is { } rise)
        {
            var zeroed = start.SmoothCost > rise / 2;
            seen = $"{zeroing}; after an epoch's start the smooth loss rises by {Fixed(rise)}: {(zeroed ? "so it is the zeroed state" : "so it is the text, not the zeroed state")}.";
            if (explanation.TextAlike is { } alike)
            {
                seen += $" With weights that do not change the loss has {(alike > 0.7 ? "the same" : alike > 0.4 ? "much the same" : "another")} shape along the text (r = {Fixed(alike)}).";
            }

            advice = zeroed ? "Nothing to do: the next chunks make up for it." : "Compare two runs at the same place of the text, never at an epoch's start; the lowest smooth loss finds the easiest passage, so judge weights by charrnn eval on a text of their own.";
        }
        else
        {
            seen = zeroing + "; the run has not come to a second epoch's end, so there is no spike to explain.";
            advice = "";
        }

        return new("spikes", "Spikes", seen, advice);
    }

    private static ExplanationFinding Passages(LossByPosition positions)
    {
        PassageLoss hardest = positions.Hardest[0], easiest = positions.Easiest[0];
        return new("passages", "The hardest and the easiest passages",
            $"The hardest passage begins at character {Whole(hardest.Position)} and needs {Fixed(hardest.Loss * Bits)} bits a character, the easiest at {Whole(easiest.Position)} and needs {Fixed(easiest.Loss * Bits)}.",
            "Where the hardest are tables, names or another language, the text is not of one kind: leave them out, or expect the loss to rise there.");
    }

    private static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Fixed(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Short(double value, int decimals = 1) => value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);

    private static string Significant(double value) => value.ToString("G2", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0", CultureInfo.InvariantCulture) + " %";
}
