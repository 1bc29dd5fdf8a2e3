using System.Text;
using System.Text.RegularExpressions;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.HandIn;

namespace CharRnn.Rnn.Tests.Reports;

/// <summary>The hand-in through pdflatex, as Debian's texlive-latex-base and texlive-pictures have it.</summary>
public sealed class LatexHandInTests : IDisposable
{
    /// <summary>Where a random vocabulary's characters come from: ASCII most of all, then the scripts of the world, then anything.</summary>
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x20, 0x7E), (0x20, 0x7E), (0x20, 0x7E), (0x0, 0x1F), (0xA0, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x6FF), (0x900, 0x97F),
        (0x2000, 0x206F), (0x20A0, 0x22FF), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xE000, 0xE0FF), (0xFFF0, 0xFFFF), (0x1F300, 0x1F64F), (0xE0000, 0xE007F), (0, 0x10FFFF),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("charrnn-latex-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [ProgramTheory("pdflatex", "--version")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Samples_of_random_vocabularies_compile(int seed)
    {
        var random = new Random(seed);
        string Draw()
        {
            Rune[] vocabulary = [.. Enumerable.Range(0, random.Next(2, 90)).Select(_ => Character())];
            return string.Concat(Enumerable.Range(0, 200).Select(_ => vocabulary[random.Next(vocabulary.Length)].ToString()));
        }

        Rune Character()
        {
            while (true)
            {
                (var first, var last) = Blocks[random.Next(Blocks.Length)];
                if (Rune.TryCreate(random.Next(first, last + 1), out var rune))
                {
                    return rune;
                }
            }
        }

        var run = SampleRuns.Make(steps: 100_000) with
        {
            TextName = Draw(),
            Samples = [.. Enumerable.Range(0, 11).Select(i => new WrittenSample(Math.Max(1, 10_000L * i), 1, 50, Draw()))],
            BestPassage = string.Concat(Enumerable.Range(0, 5).Select(_ => Draw())),
            Processor = Draw(),
        };
        Compile(HandInDocument.Of(run, Draw(), new(2026, 1, 2), Draw()).ToLatex());
    }

    /// <summary>Each printable character of ASCII, the accented letters, and lines as they were; a line without a space is broken within the column.</summary>
    [ProgramTheory("sh", "-c", "pdflatex --version && pdftotext -v")]
    [InlineData("0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ\nabcdefghijklmnopqrstuvwxyz\n.,;:!?()[]/*+=@ {}#$%&")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("a--b ,,c !`d ?`e fi ffl\n\n\n  two spaces")]
    public void What_was_written_stands_on_the_paper(string text)
    {
        var run = SampleRuns.Make(steps: 10_000) with { Samples = [new(1, 1, 100, "start" + text + "stop"), new(10_001, 1, 50, "the end")] };
        var log = Compile(HandInDocument.Of(run, "", new(2026, 1, 2), "charrnn").ToLatex());
        Assert.DoesNotMatch(@"Overfull \\hbox \(\d\d", log);
        var (exitCode, printed) = ProgramTheoryAttribute.Run("pdftotext", ["-raw", "hand-in.pdf", "-"], folder);
        Assert.Equal(0, exitCode);
        Assert.True(Bare(printed).Contains(Bare("start" + text + "stop"), StringComparison.Ordinal), printed);

        // TeX's upright font has one sign for the grave accent and the quotation mark that opens.
        static string Bare(string text) => Regex.Replace(text, "\\s", "").Replace('`', '‘').Replace('’', '\'');
    }

    private string Compile(string tex)
    {
        Assert.All(tex, character => Assert.InRange(character, '\n', '~'));
        File.WriteAllText(Path.Combine(folder, "hand-in.tex"), tex, Encoding.ASCII);
        var (exitCode, output) = ProgramTheoryAttribute.Run("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "hand-in.tex"], folder);
        Assert.True(exitCode == 0, output[Math.Max(0, output.Length - 2500)..]);
        return File.ReadAllText(Path.Combine(folder, "hand-in.log"), Encoding.Latin1);
    }
}
