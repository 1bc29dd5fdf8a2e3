namespace CharRnn.AotCli.Display;

/// <summary>A loss over the whole of a training in a few hundred numbers, and the small picture of it.</summary>
internal sealed class LossCurve
{
    private const int Capacity = 512;
    private const string Levels = "▁▂▃▄▅▆▇█";

    private readonly Lock _lock = new();
    private readonly double[] _losses = new double[Capacity];
    private int _count;
    private long _every = 1, _since;

    /// <summary>Adds the loss after an update. Of most only their turn is counted.</summary>
    public void Add(double loss)
    {
        if (++_since < _every)
        {
            return;
        }

        lock (_lock)
        {
            _since = 0;
            if (_count == Capacity)
            {
                for (var i = 0; i < Capacity / 2; i++)
                {
                    _losses[i] = _losses[(2 * i) + 1];
                }

                (_count, _every) = (Capacity / 2, 2 * _every);
            }

            _losses[_count++] = loss;
        }
    }

    /// <summary>
    /// The curve in one line. The steep first fifth is cut off at the top where it goes above what comes later: what a person wants to see is
    /// whether the loss still falls.
    /// </summary>
    /// <param name="columns">At most so many characters.</param>
    public string Draw(int columns)
    {
        double[] means;
        lock (_lock)
        {
            var shown = Math.Min(columns, _count);
            means = new double[shown];
            for (var i = 0; i < shown; i++)
            {
                var (from, to) = ((int)((long)i * _count / shown), (int)((i + 1L) * _count / shown));
                for (var j = from; j < to; j++)
                {
                    means[i] += _losses[j] / (to - from);
                }
            }
        }

        if (means.Length == 0)
        {
            return "";
        }

        double lowest = means.Min(), highest = means[(means.Length / 5)..].Max();
        return string.Create(means.Length, (means, lowest, highest), static (line, state) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                var height = state.highest > state.lowest ? (state.means[i] - state.lowest) / (state.highest - state.lowest) : 0;
                line[i] = Levels[(int)Math.Clamp(height * Levels.Length, 0, Levels.Length - 1)];
            }
        });
    }
}
