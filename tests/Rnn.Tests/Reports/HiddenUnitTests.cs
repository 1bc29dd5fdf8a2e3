using System.Text.RegularExpressions;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.HiddenUnits;

namespace CharRnn.Rnn.Tests.Reports;

public class HiddenUnitTests
{
    private const string Text = "Anna said: \"Go on, 😀 Otto!\" He went.\nSo she \"stayed, and stayed\" there all day\n\nlong.\n";

    [Fact]
    public void The_unit_that_follows_a_property_is_found_whichever_way_it_turns()
    {
        string[] characters = [.. Text.EnumerateRunes().Select(rune => rune.ToString())];
        bool[] quoted = Flags(characters, TextProperty.InsideQuotationMarks), ends = Flags(characters, TextProperty.LineEnd);
        Assert.True(quoted[characters.AsSpan().IndexOf("😀")]);
        var random = new Random(3);
        var activations = new float[characters.Length * 4];
        for (var t = 0; t < characters.Length; t++)
        {
            activations[4 * t] = (float)(random.NextDouble() - 0.5);
            activations[4 * t + 1] = quoted[t] ? -0.9f : 0.9f;
            activations[4 * t + 2] = 0.25f;   // never moves
            activations[4 * t + 3] = ends[t] ? 0.1f : -0.9f;
        }

        var findings = new ActivationMap(characters, 4, activations).Findings();
        UnitFinding quotes = findings.Single(finding => finding.Property == TextProperty.InsideQuotationMarks), lineEnd = findings.Single(finding => finding.Property == TextProperty.LineEnd);
        Assert.Equal((1, -1.0), (quotes.Unit, Math.Round(quotes.Correlation, 6)));
        Assert.Equal((3, 1.0), (lineEnd.Unit, Math.Round(lineEnd.Correlation, 6)));
        Assert.Equal(findings.OrderByDescending(finding => Math.Abs(finding.Correlation)), findings);
        Assert.All(findings, finding => Assert.InRange(finding.Correlation, -1.000001, 1.000001));
    }

    [Fact]
    public void Quotation_marks_of_all_kinds_open_and_close_and_a_paragraph_ends_what_was_left_open()
    {
        Assert.Equal("01110", Inside("a\"bc\""));
        Assert.Equal("0111100", Inside("a“b\nc”d"));
        Assert.Equal("0110", Inside("a«b»"));
        Assert.Equal("011100", Inside("a\"b\n\nc"));

        static string Inside(string text) => string.Concat(TextProperty.InsideQuotes(text).Select(inside => inside ? '1' : '0'));
    }

    [Fact]
    public void The_stretch_shown_is_one_where_the_properties_change_and_begins_a_line()
    {
        var text = new string('a', 300) + "\n" + new string('b', 300) + "\nShe said: \"Go on, Otto! Go!\" So he went, and Anna, too.\n" + new string('c', 300);
        string[] characters = [.. text.Select(character => character.ToString())];
        var map = new ActivationMap(characters, 1, new float[text.Length]);
        Assert.Equal(602, map.LiveliestStretch(56));
        Assert.Equal(0, map.LiveliestStretch(2000));
        Assert.Equal(0, new ActivationMap(["a"], 1, [0]).LiveliestStretch(1));
    }

    [Fact]
    public void A_text_without_quotation_marks_has_no_unit_for_them()
    {
        string[] characters = [.. "some text, no more".Select(character => character.ToString())];
        var map = new ActivationMap(characters, 2, new float[2 * characters.Length]);
        var report = new HiddenUnitReport(map, map.Findings(), characters.Length);
        Assert.Contains(TextProperty.InsideQuotationMarks, report.Missing);
        Assert.DoesNotContain("a space", report.Missing);
        Assert.Equal(2, report.Rows().Count);
    }

    [Fact]
    public void Every_unit_has_one_row_also_where_there_are_very_many_or_one()
    {
        foreach (var units in (int[])[1, 7, 400])
        {
            var map = new ActivationMap(["a", " ", "b"], units, [.. Enumerable.Range(0, 3 * units).Select(i => MathF.Sin(i))]);
            var rows = new HiddenUnitReport(map, map.Findings(), 3).Rows();
            Assert.Equal(rows.Distinct(), rows);
            Assert.Equal(Math.Min(units, 160), rows.Count);
            Assert.All(rows, row => Assert.InRange(row, 0, units - 1));
        }
    }

    /// <summary>The sign shows without colour: a cell near 1 is full, one near -1 only its lower half.</summary>
    [Fact]
    public void The_picture_has_full_cells_for_1_and_half_cells_for_minus_1()
    {
        byte[] file = new ActivationMap(["a", "b", "c"], 1, [1, -1, 0]).ToPng([0]), pixels = Pixels(file, 3, 2);
        int Opacity(int x, int y) => pixels[13 * y + 1 + 4 * x + 3];
        Assert.Equal([255, 0, 0, 255, 255, 0], (int[])[Opacity(0, 0), Opacity(1, 0), Opacity(2, 0), Opacity(0, 1), Opacity(1, 1), Opacity(2, 1)]);
        Assert.NotEqual(pixels[13 + 1], pixels[13 + 5]);
    }

    /// <summary>Neither units nor characters are exchanged on the way to the page: each row of the heat map, each number beside one and each strip is that of its unit.</summary>
    [Fact]
    public void The_page_shows_each_unit_in_its_own_row()
    {
        string[] characters = [.. "a \"b\" c.\nAn".Select(character => character.ToString())];
        const int units = 12;
        var random = new Random(8);
        float[] activations = [.. Enumerable.Range(0, characters.Length * units).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        var map = new ActivationMap(characters, units, activations);
        var report = new HiddenUnitReport(map, map.Findings(), characters.Length);
        var page = HtmlReport.Write([SampleRuns.Make() with { HiddenUnits = report }], "");

        int[] named = [.. Regex.Matches(page, "<text class=\"unit\"[^>]*>(\\d+)</text>").Select(match => int.Parse(match.Groups[1].Value))];
        Assert.Equal(report.Findings.Select(finding => finding.Unit).Distinct(), named);
        byte[][] images = [.. Regex.Matches(page, "<image[^>]* href=\"data:image/png;base64,([^\"]+)\"").Select(match => Convert.FromBase64String(match.Groups[1].Value))];
        Assert.Equal(2, images.Length);
        int[][] rows = [named, [.. report.Rows().Skip(named.Length)]];
        Assert.Equal(Enumerable.Range(0, units), rows.SelectMany(row => row).Order());
        for (var image = 0; image < 2; image++)
        {
            var pixels = Pixels(images[image], characters.Length, 2 * rows[image].Length);
            for (var row = 0; row < rows[image].Length; row++)
            {
                for (var t = 0; t < characters.Length; t++)
                {
                    var h = activations[(t * units) + rows[image][row]];
                    int Opacity(int half) => pixels[(((2 * row) + half) * ((4 * characters.Length) + 1)) + 1 + (4 * t) + 3];
                    Assert.Equal(Math.Abs(h), Opacity(1) / 255.0, 1 / 29.0);
                    Assert.Equal(h < 0 ? 0 : Opacity(1), Opacity(0));
                }
            }
        }

        // A strip: the characters with the shade of one unit.
        var strip = Regex.Match(page, "[Uu]nit (\\d+)</strong>.*?<p class=\"strip\" dir=\"auto\">(.*?)</p>");
        int unit = int.Parse(strip.Groups[1].Value), at = 0;
        foreach (Match part in Regex.Matches(strip.Groups[2].Value, "<i(?: class=([pn])(\\d))?>(.*?)</i>"))
        {
            var shade = part.Groups[1].Value switch { "p" => 1, "n" => -1, _ => 0 } * (part.Groups[2].Length > 0 ? int.Parse(part.Groups[2].Value) : 0);
            foreach (var character in System.Net.WebUtility.HtmlDecode(part.Groups[3].Value.Replace("<wbr>", "", StringComparison.Ordinal)))
            {
                Assert.Equal(characters[at].Replace('\n', '↵'), character.ToString());
                Assert.Equal(activations[(at++ * units) + unit], shade / 7.0, 1 / 13.9);
            }
        }

        Assert.Equal(characters.Length, at);
    }

    /// <summary>The rows of a PNG, each behind the byte that names its filter.</summary>
    private static byte[] Pixels(byte[] file, int width, int height)
    {
        Assert.Equal((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        Assert.Equal((0, width, 0, height), (file[18], file[19], file[22], file[23]));
        var start = file.AsSpan().IndexOf("IDAT"u8) + 4;
        using var zlib = new System.IO.Compression.ZLibStream(new MemoryStream(file[start..]), System.IO.Compression.CompressionMode.Decompress);
        var pixels = new byte[height * ((4 * width) + 1)];
        zlib.ReadExactly(pixels);
        return pixels;
    }

    private static bool[] Flags(string[] characters, string name)
    {
        var byUnit = TextProperty.All.Single(property => property.Name == name).Find(string.Concat(characters));
        var at = 0;
        return [.. characters.Select(character => byUnit[(at += character.Length) - character.Length])];
    }
}
