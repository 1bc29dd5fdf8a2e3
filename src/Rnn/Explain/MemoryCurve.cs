using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Explain;

/// <summary>
/// How far back a network looks: the same characters are predicted after only the last k were read, for several k, and after everything was. Where more
/// characters change nothing, it has forgotten them.
/// </summary>
public sealed class MemoryCurve
{
    /// <summary>The k that are tried.</summary>
    internal static readonly int[] Reaches = [0, 1, 2, 5, 10, 25, 50, 100, 200];

    /// <summary>The excess below which the rest is no more memory to speak of: 1 % of the loss.</summary>
    private const double Negligible = 0.01;

    internal const int WarmUp = 300;

    internal MemoryCurve(IReadOnlyList<MemoryPoint> points, IReadOnlyList<MemoryPoint> elsewhere, double loss, int places) =>
        (Points, Elsewhere, Loss, Places) = (points, elsewhere, loss, places);

    /// <summary>The losses where only the last characters were read, from h = 0; fewest characters first.</summary>
    public IReadOnlyList<MemoryPoint> Points { get; }

    /// <summary>
    /// The same from the state of another place of the text. From h = 0 some networks fall into a rut that they never met in training, which says nothing of how
    /// far back they look.
    /// </summary>
    public IReadOnlyList<MemoryPoint> Elsewhere { get; }

    /// <summary>The mean loss at the same places when everything was read, in nats a character.</summary>
    public double Loss { get; }

    /// <summary>At how many places of the text that was measured.</summary>
    public int Places { get; }

    /// <summary>The fewest characters before the current one with which the loss from h = 0 is within 1 % of that with all; null where none of those tried suffices.</summary>
    public int? Reach => Fewest(Points);

    /// <summary>The same from the state of another place.</summary>
    public int? ReachFromElsewhere => Fewest(Elsewhere);

    private int? Fewest(IReadOnlyList<MemoryPoint> points)
    {
        int? reach = null;
        foreach (var point in points)
        {
            reach = point.Excess > Negligible * Loss ? null : reach ?? point.CharactersBefore;
        }

        return reach;
    }

    /// <summary>Measures.</summary>
    /// <param name="reader">The network; its state is lost.</param>
    /// <param name="text">The text as indices of its vocabulary.</param>
    /// <param name="carried">The state that goes with the text's beginning.</param>
    /// <param name="places">At how many places, evenly spread; fewer where the text is short.</param>
    /// <returns>Null where the text is too short to have one.</returns>
    internal static MemoryCurve? Measure(NetworkReader reader, EncodedText text, ReadOnlySpan<double> carried, int places)
    {
        int[] reaches = [.. Reaches.Where(reach => reach + 2 <= text.Length / 2)];
        var first = reaches.Length == 0 ? 0 : reaches[^1];
        places = (int)Math.Min(places, text.Length - 1 - first);
        if (places < 2)
        {
            return null;
        }

        var (fromZero, fromElsewhere) = (new double[reaches.Length, places], new double[reaches.Length, places]);
        double sum = 0;
        double[] state = carried.ToArray(), elsewhere = carried.ToArray(), after = new double[state.Length];
        var characters = new int[WarmUp + 2];
        for (var place = 0; place < places; place++)
        {
            // The character read last; the one after it is predicted.
            var at = first + (long)((text.Length - 1 - first) * ((double)place / places));
            var before = (int)Math.Min(WarmUp, at);
            text.CopyTo(at - before, characters.AsSpan(0, before + 2));
            // All that was read: a state that lives within the text, and the characters before the place that bring it up to date.
            reader.SetState(state);
            var whole = Loss(characters.AsSpan(0, before + 2));
            sum += whole;
            reader.CopyState(after);
            for (var i = 0; i < reaches.Length; i++)
            {
                var last = characters.AsSpan(before - reaches[i], reaches[i] + 2);
                reader.Reset();
                fromZero[i, place] = Loss(last) - whole;
                reader.SetState(elsewhere);
                fromElsewhere[i, place] = Loss(last) - whole;
            }

            (elsewhere, after) = (after, elsewhere);
        }

        return new([.. reaches.Select((reach, i) => Point(fromZero, reach, i))], [.. reaches.Select((reach, i) => Point(fromElsewhere, reach, i))], sum / places, places);

        double Loss(ReadOnlySpan<int> stretch)
        {
            foreach (var character in stretch[..^1])
            {
                reader.Read(character);
            }

            return reader.Loss(stretch[^1]);
        }

        MemoryPoint Point(double[,] differences, int reach, int row)
        {
            double mean = 0, squares = 0;
            for (var place = 0; place < places; place++)
            {
                mean += differences[row, place] / places;
            }

            for (var place = 0; place < places; place++)
            {
                squares += (differences[row, place] - mean) * (differences[row, place] - mean);
            }

            return new(reach, (sum / places) + mean, mean, Math.Sqrt(squares / (places - 1) / places));
        }
    }
}
