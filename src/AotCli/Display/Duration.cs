using System.Globalization;

namespace CharRnn.AotCli.Display;

/// <summary>Times and speeds as a person says them.</summary>
internal static class Duration
{
    /// <summary>Two units at most, for example <c>3 min 20 s</c>.</summary>
    public static string Describe(double seconds) => seconds switch
    {
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds):0.0} s"),
        < 59.5 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 3599.5 => string.Create(CultureInfo.InvariantCulture, $"{(long)(seconds + 0.5) / 60} min {(long)(seconds + 0.5) % 60} s"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{(long)seconds / 3600} h {(long)seconds / 60 % 60} min"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} days"),
        _ => "years",
    };

    /// <summary>Something a second, with decimals only where they say something.</summary>
    public static string Speed(double each) => each.ToString(each < 10 ? "0.00" : each < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
