using CharRnn.AotCli.Tests.CommandLine;
using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.Commands;

/// <summary>Where a report is written, files of the user's own may stand already.</summary>
public sealed class ReportFilesTests : ProcessFixture
{
    [Fact]
    public void A_report_replaces_what_charrnn_wrote_and_nothing_else()
    {
        var name = "a name of <&> many letters " + new string('&', 200);
        Assert.Equal(0, CharrnnProcess.Run(Root, "train", "text.txt", "--out", name, "--hidden", "5", "--steps", "300", "--quiet").ExitCode);
        Assert.Equal(0, CharrnnProcess.Run(Root, "report", name).ExitCode);
        File.SetLastWriteTimeUtc(InFolder($"{name}/report.html"), DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(InFolder($"{name}/loss.svg"), DateTime.UnixEpoch);
        Assert.Equal(0, CharrnnProcess.Run(Root, "report", name).ExitCode);
        Assert.True(File.GetLastWriteTimeUtc(InFolder($"{name}/report.html")) > DateTime.UnixEpoch && File.GetLastWriteTimeUtc(InFolder($"{name}/loss.svg")) > DateTime.UnixEpoch);

        // Neither a page nor a curve of another program, and then neither of the two is written.
        Directory.CreateDirectory(InFolder("paper"));
        const string drawing = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", essay = "<!DOCTYPE html><title>On CharRnn reports</title>";
        File.WriteAllText(InFolder("paper/loss.svg"), drawing);
        AssertOneLine(2, CharrnnProcess.Run(Root, "report", name, "--out", "paper/page.html"), "loss.svg is there already and not a curve that charrnn wrote");
        Assert.Equal(["loss.svg"], Directory.GetFiles(InFolder("paper")).Select(Path.GetFileName));
        Assert.Equal(drawing, File.ReadAllText(InFolder("paper/loss.svg")));
        File.Delete(InFolder("paper/loss.svg"));
        File.WriteAllText(InFolder("paper/essay.html"), essay);
        AssertOneLine(2, CharrnnProcess.Run(Root, "report", name, "--out", "paper/essay.html"), "paper/essay.html is there already and not a page that charrnn wrote: give --out another name");
        AssertOneLine(2, CharrnnProcess.Run(Root, "report", name, "--out", $"{name}/config.json"), "is there already");
        Assert.Equal(essay, File.ReadAllText(InFolder("paper/essay.html")));
        Assert.Equal(["essay.html"], Directory.GetFiles(InFolder("paper")).Select(Path.GetFileName));

        // Nothing is lost with an empty file, such as mktemp makes.
        File.WriteAllText(InFolder("paper/empty.html"), "");
        Assert.Equal(0, CharrnnProcess.Run(Root, "report", name, "--out", "paper/empty.html").ExitCode);
    }

    /// <summary>On a terminal both streams are one: the command to type next stands below the results.</summary>
    [ShellFact("bash")]
    public void The_hint_comes_last()
    {
        var (_, output, _) = Shell.Run(Root, "bash", "-c", "charrnn train text.txt --out run --hidden 5 --steps 100 --quiet; charrnn report run 2>&1");
        Assert.Equal("run\nrun/report.html\nnext: open run/report.html in a browser\n", output);
    }
}
