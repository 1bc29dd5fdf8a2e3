using CharRnn.AotCli.Tests.CommandLine;
using CharRnn.AotCli.Tests.Runs;
using CharRnn.Rnn.Checkpoints;

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

    /// <summary>A device or a pipe receives the page and stays what it is; beside it there is no place for a curve.</summary>
    [ShellFact("bash")]
    public void A_device_or_a_pipe_receives_the_page()
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 5 --steps 300 --quiet").ExitCode);
        Directory.CreateDirectory(InFolder("devices"));
        var (_, output, _) = Shell.Run(Root, "bash", "-c", """
            mkfifo devices/pipe; mknod devices/null c 1 3 2>/dev/null || ln -s /dev/null devices/null
            cat devices/pipe | tail -c 8 & charrnn report run --out devices/pipe >/dev/null 2>&1; wait
            charrnn report run --out devices/null 2>/dev/null
            charrnn gradcheck --export devices/null --hidden 2 --vocabulary 3 --seq-length 2 2>/dev/null; echo $?
            [ -p devices/pipe ] && [ -c devices/null ] && ls devices
            charrnn gradcheck --export /dev/stdout --hidden 2 --vocabulary 3 --seq-length 2 2>/dev/null | cmp - <(charrnn gradcheck --export case --hidden 2 --vocabulary 3 --seq-length 2 2>/dev/null; cat case) && echo same
            """);
        Assert.Equal("</html>\ndevices/null\n0\nnull\npipe\nsame\n", output);
        AssertOneLine(1, Charrnn("gradcheck --export /dev/full --hidden 2 --vocabulary 3 --seq-length 2"), "/dev/full cannot be written: No space left on device");
    }

    /// <summary>An export replaces an export, and nothing that anybody has changed or written.</summary>
    [Fact]
    public void An_export_replaces_no_file_of_the_users()
    {
        const string export = "gradcheck --hidden 2 --vocabulary 3 --seq-length 2 --export";
        Assert.Equal(0, Charrnn($"{export} case").ExitCode);
        Assert.Equal(0, Charrnn($"{export} case --seed 2").ExitCode);
        var file = SafetensorsFile.Read(InFolder("case"));
        file.Tensors.Single(tensor => tensor.Name == "grad.W").Data.Span[3] ^= 1;   // gradients of the user's own
        File.WriteAllBytes(InFolder("case"), file.ToBytes());
        var mine = File.ReadAllBytes(InFolder("case"));
        foreach (var name in (string[])["case", "text.txt"])
        {
            var before = File.ReadAllBytes(InFolder(name));
            AssertOneLine(2, Charrnn($"{export} {name}"), $"{name} is there already and not a case that charrnn wrote: delete it, or give --export another name");
            Assert.Equal(before, File.ReadAllBytes(InFolder(name)));
        }

        AssertOneLine(2, Charrnn($"{export} ."), "is a folder");
        if (!OperatingSystem.IsWindows())
        {
            // Links that begin in the working folder and lead nowhere yet, or to an export.
            File.CreateSymbolicLink(InFolder("link"), "target");
            Assert.Equal(0, Charrnn($"{export} link").ExitCode);
            Assert.Equal(0, Charrnn($"{export} link --seed 2").ExitCode);
            Assert.Equal("target", new FileInfo(InFolder("link")).LinkTarget);
            Assert.True(File.Exists(InFolder("target")));
        }

        File.WriteAllText(InFolder("empty"), "");
        Assert.Equal(0, Charrnn($"{export} empty").ExitCode);
    }

    /// <summary>Every command that writes a file tidies up in its folder: what a killed one left goes, and what a living one is writing stays.</summary>
    [Theory]
    [InlineData("report run", "run")]
    [InlineData("report run --hand-in", "run/hand-in")]
    [InlineData("export run --to onnx", "run")]
    [InlineData("import run/model.pytorch.safetensors --out run/imported.safetensors", "run")]
    [InlineData("gradcheck --export cases/case --hidden 2 --vocabulary 3 --seq-length 2", "cases")]
    [InlineData("lab text.txt --out lab --hidden 2 --seq-length 2", "lab")]
    [InlineData("train text.txt --out new --hidden 5 --steps 20 --quiet", "new")]
    [InlineData("train --resume run --steps 40 --quiet", "run")]
    [InlineData("sweep text.txt --out sweep --hidden 2 --seed 1 --steps 20", "sweep")]
    public void What_a_killed_command_left_is_deleted_by_the_next(string command, string folder)
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 5 --steps 20 --quiet").ExitCode);
        Assert.Equal(0, Charrnn("export run --to pytorch").ExitCode);
        Directory.CreateDirectory(InFolder(folder));
        string left = InFolder($"{folder}/.charrnn-{Guid.NewGuid():N}.tmp"), beingWritten = InFolder($"{folder}/.charrnn-{Guid.NewGuid():N}.tmp");
        File.WriteAllText(left, "half");
        using (PhysicalFileSystem.Instance.CreateNew(beingWritten))
        {
            var (exitCode, _, error) = Charrnn(command);
            Assert.True(exitCode == 0, error);
            Assert.False(File.Exists(left));
            Assert.True(File.Exists(beingWritten));
        }
    }

    [Fact]
    public void Many_reports_at_once()
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 5 --steps 300 --quiet").ExitCode);
        var results = new (int ExitCode, string Output, string Error)[20];
        Parallel.For(0, results.Length, i => results[i] = Charrnn("report run"));
        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Error));
        Assert.Empty(Directory.GetFiles(InFolder("run"), ".charrnn-*"));
    }

    [Fact]
    public void A_hand_in_lies_in_a_folder_of_its_own_and_what_was_edited_is_kept()
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 5 --steps 300 --quiet").ExitCode);
        var (exitCode, output, error) = CharrnnProcess.Run(Root, "report", "run", "--hand-in", "--author", "Ada L.");
        Assert.Equal((0, "run/hand-in\n"), (exitCode, output));
        Assert.Contains("the gradients of this run are not checked yet", error);
        Assert.Contains("charrnn gradcheck --hidden 5", error);
        Assert.EndsWith("or: cd run/hand-in && pdflatex hand-in.tex\n", error);
        Assert.Equal(["hand-in.html", "hand-in.tex", "loss.csv"], Directory.GetFiles(InFolder("run/hand-in")).Select(Path.GetFileName).Order());
        Assert.Contains("Ada L., ", File.ReadAllText(InFolder("run/hand-in/hand-in.html")));
        Assert.Equal(["1,", "100,", "200,", "300,"], File.ReadLines(InFolder("run/hand-in/loss.csv")).Skip(1).Select(line => line[..(line.IndexOf(',') + 1)]));
        Assert.False(File.Exists(InFolder("run/report.html")));

        // Written again as long as nobody has changed it.
        File.WriteAllText(InFolder("gradcheck.json"), Charrnn("gradcheck --hidden 4 --vocabulary 5 --seq-length 3 --cases 0 --json").Output);
        File.Move(InFolder("gradcheck.json"), InFolder("run/gradcheck.json"));
        Assert.Equal(0, Charrnn("report run --hand-in").ExitCode);
        Assert.Contains("Every element of every gradient", File.ReadAllText(InFolder("run/hand-in/hand-in.tex")));
        Assert.DoesNotContain("Ada L.", File.ReadAllText(InFolder("run/hand-in/hand-in.html")));
        foreach (var (name, change) in new[] { ("hand-in.tex", "% my discussion\n"), ("hand-in.html", "<p>mine</p>"), ("loss.csv", "") })
        {
            var path = InFolder($"run/hand-in/{name}");
            var before = File.ReadAllText(path);
            File.WriteAllText(path, change.Length > 0 ? before + change : "a table of the user's own\n");
            var files = Directory.GetFiles(InFolder("run/hand-in")).Order().Select(File.ReadAllText).ToArray();
            AssertOneLine(2, Charrnn("report run --hand-in"), $"run/hand-in/{name} is there already and not the file that charrnn wrote: what was edited is kept, so give it another name");
            Assert.Equal(files, Directory.GetFiles(InFolder("run/hand-in")).Order().Select(File.ReadAllText));
            File.WriteAllText(path, before);
        }

        AssertOneLine(2, Charrnn("report run --author Ada"), "give --hand-in too");
        AssertOneLine(2, Charrnn("report run run --hand-in"), "about one run");
        AssertOneLine(2, Charrnn("report run --hand-in --out x.html"), "leave --out away");
        AssertOneLine(2, Charrnn("report none --hand-in"), "no such folder");
    }

    /// <summary>On a terminal both streams are one: the command to type next stands below the results.</summary>
    [ShellFact("bash")]
    public void The_hint_comes_last()
    {
        var (_, output, _) = Shell.Run(Root, "bash", "-c", "charrnn train text.txt --out run --hidden 5 --steps 100 --quiet; charrnn report run 2>&1");
        Assert.Equal("run\nrun/report.html\nnext: open run/report.html in a browser\n", output);
    }
}
