using System.Diagnostics;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Tests.Checkpoints;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("charrnn-atomic-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_created_and_replaced()
    {
        var path = Path.Combine(_folder, "a");
        AtomicFile.Write(path, [1, 2]);
        AtomicFile.Write(path, [3]);
        Assert.Equal([3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(Fault.NoSpace)]
    [InlineData(Fault.InputOutput)]
    [InlineData(Fault.ShortWrite)]
    [InlineData(Fault.Permission)]
    public void Whatever_operation_fails_the_old_content_or_the_new_is_there(Fault fault)
    {
        var path = Path.Combine(_folder, "a");
        var operations = 0;
        for (var n = 1; ; n++)
        {
            AtomicFile.Write(path, [1, 1, 1]);
            var files = new FaultyFileSystem(fault, n);
            var exception = Record.Exception(() => AtomicFile.Write(files, path, [2, 2, 2, 2]));
            if (files.Operations < n)
            {
                break;
            }

            operations++;
            Assert.True(exception is IOException or UnauthorizedAccessException, $"operation {n}: {exception}");
            var content = File.ReadAllBytes(path);
            Assert.True(content is [1, 1, 1] or [2, 2, 2, 2], $"operation {n} left {content.Length} bytes");
            Assert.Equal([path], Directory.GetFiles(_folder));
        }

        Assert.True(operations >= 6, "follow, create, write, flush, rename and flush of the folder can each fail");
    }

    /// <summary>A disk that is full stays full: the temporary file stays too, until somebody finds it abandoned.</summary>
    [Fact]
    public void What_failed_first_is_what_is_said()
    {
        var path = Path.Combine(_folder, "a");
        AtomicFile.Write(path, [1]);
        var files = new FaultyFileSystem(Fault.NoSpace, 3, persistent: true);
        Assert.Equal("no space left on device: write temporary", Assert.Throws<IOException>(() => AtomicFile.Write(files, path, [2])).Message);
        AtomicFile.DeleteAbandoned(files, _folder);
        Assert.Equal([1], File.ReadAllBytes(path));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        AtomicFile.DeleteAbandoned(PhysicalFileSystem.Instance, _folder);
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    /// <summary>Another process looks whether the new file is abandoned: that passes, or is said after ten attempts.</summary>
    [Fact]
    public void What_somebody_else_holds_for_a_moment_is_tried_again()
    {
        var path = Path.Combine(_folder, "a");
        var files = new FaultyFileSystem(Fault.InUse, 2);
        AtomicFile.Write(files, path, [1]);
        Assert.Equal(["follow a", "create temporary", "create temporary", "write temporary"], files.Log[..4]);
        files = new FaultyFileSystem(Fault.InUse, 2, persistent: true);
        Assert.Throws<IOException>(() => AtomicFile.Write(files, path, [2]));
        Assert.Equal(10, files.Log.Count(operation => operation == "create temporary"));
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_name_without_a_folder_is_of_the_current_folder()
    {
        var name = $"charrnn-{Guid.NewGuid():N}";
        AtomicFile.Write(name, [1]);
        Assert.Equal([1], File.ReadAllBytes(name));
        File.Delete(name);
    }

    [Fact]
    public void The_content_is_on_disk_before_the_name_and_the_name_before_the_return()
    {
        var files = new FaultyFileSystem(Fault.None, 0);
        AtomicFile.Write(files, Path.Combine(_folder, "a"), [1]);
        Assert.Equal(["follow a", "create temporary", "write temporary", "flush temporary", "rename temporary a", "flush folder"], files.Log);
    }

    /// <summary>Whatever the user has beside the file stays: no name is taken that somebody could have.</summary>
    [Fact]
    public void No_other_file_is_touched()
    {
        string path = Path.Combine(_folder, "a"), own = path + ".tmp";
        File.WriteAllBytes(own, [7]);
        AtomicFile.Write(path, [1]);
        Assert.Equal([7], File.ReadAllBytes(own));
        Assert.Equal([path, own], Directory.GetFiles(_folder).Order());
    }

    [Fact]
    public void A_symbolic_link_stays_and_is_followed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(_folder, "elsewhere"));
        string file = Path.Combine(_folder, "elsewhere", "file"), link = Path.Combine(_folder, "link"), dangling = Path.Combine(_folder, "dangling");
        File.WriteAllBytes(file, [1]);
        File.CreateSymbolicLink(link, Path.Combine("elsewhere", "file"));
        File.CreateSymbolicLink(dangling, Path.Combine("elsewhere", "new"));
        AtomicFile.Write(link, [2]);
        AtomicFile.Write(dangling, [3]);
        Assert.Equal([2], File.ReadAllBytes(file));
        Assert.Equal([3], File.ReadAllBytes(Path.Combine(_folder, "elsewhere", "new")));
        Assert.All((string[])[link, dangling], path => Assert.NotNull(File.ResolveLinkTarget(path, returnFinalTarget: false)));
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(file)!).Length);

        File.CreateSymbolicLink(Path.Combine(_folder, "circle"), "circle");
        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(Path.Combine(_folder, "circle"), [1]));
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_written_into_and_stays()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var pipe = Path.Combine(_folder, "pipe");
        using (var make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync();
        }

        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, "pipe");
        foreach (var path in (string[])[pipe, link])
        {
            var reading = Task.Run(() => File.ReadAllBytes(pipe));
            AtomicFile.Write(path, [1, 2, 3]);
            Assert.Equal([1, 2, 3], await reading);
        }

        Assert.Equal(FileKind.Other, PhysicalFileSystem.Instance.KindOf(pipe));
        Assert.Equal([link, pipe], Directory.GetFiles(_folder).Order());
        Assert.Equal($"{_folder} is a folder", Assert.ThrowsAny<IOException>(() => AtomicFile.Write(_folder, [1])).Message);
        if (OperatingSystem.IsLinux())
        {
            Assert.ThrowsAny<IOException>(() => AtomicFile.Write("/dev/full", [1]));
            Assert.Equal(FileKind.Other, PhysicalFileSystem.Instance.KindOf("/dev/full"));
        }
    }

    [Fact]
    public void What_a_process_left_is_deleted_but_not_what_one_is_writing()
    {
        var left = Path.Combine(_folder, $".charrnn-{Guid.NewGuid():N}.tmp");
        string[] others = [Path.Combine(_folder, ".charrnn-notes.tmp"), Path.Combine(_folder, ".charrnn-"), Path.Combine(_folder, "x.tmp")];
        foreach (var path in others.Append(left))
        {
            File.WriteAllBytes(path, [1]);
        }

        AtomicFile.Write(PhysicalFileSystem.Instance, Path.Combine(_folder, "a"), stream =>
        {
            stream.Write([1]);
            AtomicFile.DeleteAbandoned(PhysicalFileSystem.Instance, _folder);
            Assert.False(File.Exists(left));
        });
        Assert.Equal(others.Append(Path.Combine(_folder, "a")).Order(), Directory.GetFiles(_folder).Order());
    }

    /// <summary>Who writes, who reads and who tidies up do not disturb each other, in whatever order they come.</summary>
    [Fact]
    public void Many_write_the_same_file_at_once()
    {
        var path = Path.Combine(_folder, "a");
        AtomicFile.Write(path, new byte[1000]);
        Parallel.For(0, 2000, i =>
        {
            AtomicFile.Write(path, new byte[1000]);
            AtomicFile.DeleteAbandoned(PhysicalFileSystem.Instance, _folder);
            using var stream = PhysicalFileSystem.Instance.OpenRead(path);
            Assert.Equal(1000, stream.Length);
        });
        Assert.Equal(1000, File.ReadAllBytes(path).Length);
        Assert.Equal([path], Directory.GetFiles(_folder));
    }
}
