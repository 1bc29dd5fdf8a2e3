using System.Globalization;
using System.Numerics;
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

        findings.Add(Alone(explanation));
        if (explanation.Memory is { } memory)
        {
            findings.Add(Memory(explanation, memory));
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
        var advice = "Nothing to do.";
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

            return $"{Counts(layer.Census)}, of {layer.Census.Units.Count}{(layer.Census.Lost > 0 ? $"; the even stripes of the activation map are the {layer.Census.Lost} that repeat themselves or stand still" : "; the stripes of the activation map follow the text")}.";
        }
    }

    private static ExplanationFinding Gates(IReadOnlyList<GateTrace> gates)
    {
        var seen = string.Join("; ", gates.Select(gate => $"{gate.Name} is open {Percent(gate.Open)} of the time, shut {Percent(gate.Shut)}, in between {Percent(gate.InBetween)}")) + ".";
        string[] stuck = [.. gates.Where(gate => gate.IsStuck).Select(gate => gate.Name)];
        return new("gates", "Gates", seen, stuck.Length == 0 ? "Nothing to do: each gate opens and closes."
            : $"{string.Join(", ", stuck)} hardly ever {(stuck.Length == 1 ? "changes" : "change")}: compare a --cell without {(stuck.Length == 1 ? "it" : "them")}, which computes less.");
    }

    private static ExplanationFinding Alone(RunExplanation explanation)
    {
        var several = explanation.Layers.Count > 1;
        var seen = string.Join(" ", explanation.Layers.Select(layer => (several ? $"{layer.Name}: " : "") + Layer(layer)));
        return new("alone", "The state by itself", seen, explanation.Layers.Any(layer => layer.OwnRhythm > 0 && (layer.Eigenvalues.Count == 0 || Turns(layer.Eigenvalues[0])))
            ? "A rhythm that no text has takes room from what the text needs: a smaller --eta leaves W smaller."
            : explanation.Layers.Any(layer => layer.OwnRhythm > 0) ? "Most units follow the text; nothing to do." : "Nothing to do: what the state does comes from the text.");

        static bool Turns(Complex largest) => largest.Magnitude > 1 && (largest.Real < 0 || IsComplex(largest));

        static bool IsComplex(Complex value) => Math.Abs(value.Imaginary) > 1e-9 * value.Magnitude;

        static string Layer(LayerHealth layer)
        {
            var period = double.IsNaN(layer.StrongestPeriod) ? "the state does not move"
                : $"the state's strongest period is {Short(layer.StrongestPeriod)} characters with {Percent(layer.Power.Skip(1).DefaultIfEmpty().Max())} of its variance";
            if (layer.Eigenvalues.Count == 0)
            {
                return Capital(period) + ".";
            }

            var largest = layer.Eigenvalues[0];
            var what = IsComplex(largest) ? $"complex: left alone, the state turns with a period of {Short(2 * Math.PI / Math.Abs(largest.Phase))} characters"
                : largest.Real < 0 ? "negative: left alone, the state changes sign with every character" : "positive: left alone, the state goes one way and stays there";
            return $"W's largest eigenvalue has modulus {Short(largest.Magnitude)} and is {what}; {layer.Eigenvalues.Count(value => value.Magnitude > 1)} of {layer.Eigenvalues.Count} lie outside the unit circle, and {period}.";
        }
    }

    private static ExplanationFinding Memory(RunExplanation explanation, MemoryCurve memory)
    {
        var sequenceLength = explanation.SequenceLength;
        var longest = memory.Points[^1];
        // From h = 0 where the state comes right from there; else from the state of another place.
        var (reach, points) = memory.Reach is null && memory.ReachFromElsewhere is not null ? (memory.ReachFromElsewhere, memory.Elsewhere) : (memory.Reach, memory.Points);
        string At(int characters) => Fixed(points.First(point => point.CharactersBefore == characters).Loss * Bits);
        var seen = reach is { } far
            ? $"The network looks {(far == 0 ? "at the current character only" : $"about {far} characters back")}: with no more than {(far == 0 ? "that" : "these")} it needs {At(far)} bits a character, with all that was read {Fixed(memory.Loss * Bits)}, and with the current one alone {At(0)}."
                + (memory.Reach is null ? $" That is from the state of another place: from h = 0 it falls into a rut, and still needs {Fixed(longest.Loss * Bits)} after {longest.CharactersBefore} characters." : "")
            : $"The network looks back further than {longest.CharactersBefore} characters: with no more than these it needs {Fixed(memory.Elsewhere[^1].Loss * Bits)} bits a character, with all that was read {Fixed(memory.Loss * Bits)}{(explanation.Layers.Any(layer => layer.OwnRhythm > 0) ? ": nothing that it reads sets the phase of its own rhythm" : "")}.";
        var advice = memory.Reach is null && reach is not null ? "Give it a state to begin from: sample and the report go on from the state that the weights carry."
            : reach < sequenceLength ? $"A longer --seq-length than {sequenceLength} will not help by itself: more units{(explanation.Gates.Count > 0 ? "" : ", or a cell with gates,")} remember more."
            : explanation.Gradient?.VanishesAfter < sequenceLength ? $"It has not learned that, for no gradient reaches so far: a longer --seq-length than {sequenceLength} will not help by itself."
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
            advice = "Nothing to do.";
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
