using System.Globalization;
using CharRnn.Rnn.Gradients;
using Xunit.Abstractions;

namespace CharRnn.Rnn.Tests.Gradients;

public class DiagnosisRatesTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Plants.All.Keys];

    /// <summary>Of 50 cases of each mistake; CHARRNN_DIAGNOSE_CASES=2000 gives the rates of docs/numerics.md.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void No_right_gradient_is_called_wrong_and_a_mistake_is_named_as_it_is(string plant)
    {
        var cases = int.Parse(Environment.GetEnvironmentVariable("CHARRNN_DIAGNOSE_CASES") ?? "50", CultureInfo.InvariantCulture);
        var (name, gradients) = Plants.All[plant];
        var rates = DiagnosisRates.Of(gradients, name, cases);
        output.WriteLine($"| {plant} | {name} | {rates.Drawn} | {rates.CalledRight} | {rates.NamedAsIs} | {rates.NamedOtherwise} | {rates.Unnamed} |");
        var what = $"{plant}: {rates.Drawn} cases, {rates.CalledRight} called right, {rates.NamedAsIs} named, {rates.NamedOtherwise} by another name, {rates.Unnamed} by none\n{string.Join('\n', rates.Wrong.Take(20))}";
        Assert.True(name is null ? rates.CalledRight == rates.Drawn : rates.NamedAsIs >= 0.8 * rates.Drawn, what);
    }

    /// <summary>With a vocabulary of one the right gradient is zero; what rounding makes of that excuses nothing.</summary>
    [Theory]
    [InlineData(301, 6, 3)]
    [InlineData(385, 6, 4)]
    [InlineData(1559, 6, 7)]
    public void Where_the_gradient_is_zero_a_mistake_still_shows(int seed, int hidden, int length)
    {
        var shows = Enumerable.Range(seed, 100).Select(number =>
        {
            var of = GradientCase.Random(new(hidden, 1), length, 1.1, (ulong)number);
            return Diagnosis.Of(GradientCaseFile.From(DiagnosisRates.File(of, Plants.All["one-hot"].Gradients(of), "plain", isMean: false, isSingle: true)));
        });
        Assert.All(shows, diagnosis => Assert.False(diagnosis.Ok));
    }
}
