using System.Globalization;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>The files are the same wherever the computer stands.</summary>
public sealed class CultureTests : RunFixture
{
    private static readonly string[] Names = [RunFolder.ConfigurationName, RunFolder.SamplesName, RunFolder.BestTextName, RunFolder.LastName, RunFolder.BestName];

    /// <summary>A culture in which no number looks as it does elsewhere. It exists on every machine, unlike those that need ICU.</summary>
    private static CultureInfo Odd
    {
        get
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            var numbers = culture.NumberFormat;
            (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.NegativeSign, numbers.PositiveSign) = (",", ".", "\u2212", "plus");
            (numbers.NaNSymbol, numbers.PositiveInfinitySymbol, numbers.NegativeInfinitySymbol) = ("ep\u00e4luku", "\u00e4\u00e4ret\u00f6n", "\u2212\u00e4\u00e4ret\u00f6n");
            culture.DateTimeFormat.DateSeparator = culture.DateTimeFormat.TimeSeparator = ".";
            return culture;
        }
    }

    [Fact]
    public void An_odd_culture_changes_no_file() => AssertSame(Odd);

    [NeedsCulturesTheory]
    [InlineData("fi-FI")]   // a comma, and U+2212 for minus
    [InlineData("tr-TR")]   // i and its capital
    [InlineData("de-DE")]   // comma and point exchanged
    public void A_culture_changes_no_file(string name) => AssertSame(CultureInfo.GetCultureInfo(name));

    private void AssertSame(CultureInfo culture)
    {
        Run("invariant", CultureInfo.InvariantCulture);
        Run("other", culture);
        foreach (var name in Names)
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("invariant"), name)), File.ReadAllBytes(Path.Combine(Folder("other"), name)));
        }

        Assert.Equal(Content(Folder("invariant")), Content(Folder("other")));
        // Seconds and rates are not the same, but have a point and stand in six columns.
        Assert.All(File.ReadLines(Path.Combine(Folder("other"), RunFolder.MetricsTableName)), line => Assert.Equal(6, line.Split(',').Length));
        Assert.All(File.ReadLines(Path.Combine(Folder("other"), RunFolder.MetricsTableName)).Skip(1), line => Assert.True(double.TryParse(line.Split(',')[4], NumberStyles.Float, CultureInfo.InvariantCulture, out _), line));
    }

    /// <summary>A run that is stopped and goes on, with numbers that have fractions, signs and infinities in its settings.</summary>
    private void Run(string name, CultureInfo culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
        try
        {
            var settings = Settings(33) with { Eta = 0.25, Clip = double.PositiveInfinity, CheckpointEvery = new(0, 1000.5) };
            Begin(Folder(name), settings, stop: progress => progress.Step == 20);
            using (var writer = RunWriter.Resume(CharRnn.Rnn.Checkpoints.PhysicalFileSystem.Instance, Folder(name)))
            {
                var read = writer.ReadConfiguration();
                Assert.Equal((0.25, double.PositiveInfinity, new CheckpointInterval(0, 1000.5)), (read.Eta, read.Clip, read.CheckpointEvery));
                settings = read.WithChanges(read with { Eta = 0.125, Steps = 40 }, 20);
                writer.WriteConfiguration(settings);
            }

            Resume(Folder(name), settings);
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    /// <summary>Skipped where the run-time knows no cultures: without ICU, or with DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class NeedsCulturesTheoryAttribute : TheoryAttribute
    {
        public NeedsCulturesTheoryAttribute()
        {
            bool known;
            try
            {
                known = CultureInfo.GetCultureInfo("fi-FI").NumberFormat.NumberDecimalSeparator == ",";
            }
            catch (CultureNotFoundException)
            {
                known = false;
            }

            if (!known)
            {
                Skip = "this run-time knows no cultures (invariant globalization)";
            }
        }
    }
}
