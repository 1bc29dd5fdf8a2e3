using System.Globalization;

namespace CharRnn.Rnn.Runs;

/// <summary>How often a run saves itself: every so many updates, or every so many seconds.</summary>
/// <param name="Updates">Updates between checkpoints; 0 where seconds count.</param>
/// <param name="Seconds">Seconds between checkpoints; 0 where updates count.</param>
public readonly record struct CheckpointInterval(long Updates, double Seconds)
{
    /// <summary>Every 10 seconds.</summary>
    public static CheckpointInterval Default => new(0, 10);

    /// <summary>Reads <c>500</c> (updates) or <c>10s</c> (seconds, decimals allowed).</summary>
    public static bool TryParse(string text, out CheckpointInterval interval)
    {
        interval = default;
        if (text.EndsWith('s') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= 1e9)
        {
            interval = new(0, seconds);
            return true;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var updates) && updates > 0)
        {
            interval = new(updates, 0);
            return true;
        }

        return false;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => Updates > 0 ? Updates.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Seconds}s");
}
