using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Tests.Checkpoints;

public sealed class PhysicalFileSystemTests : IDisposable
{
    private static readonly PhysicalFileSystem Files = PhysicalFileSystem.Instance;

    private readonly string _folder = Directory.CreateTempSubdirectory("charrnn-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_lock_is_taken_once_and_again_when_it_is_free()
    {
        foreach (var take in (Func<IDisposable?>[])[() => Files.LockFile(At("lock")), .. OperatingSystem.IsWindows() ? (Func<IDisposable?>[])[] : [() => Files.LockFolder(_folder)]])
        {
            using (var first = take())
            {
                Assert.NotNull(first);
                Assert.Null(take());
            }

            using var again = take();
            Assert.NotNull(again);
        }
    }

    /// <summary>A folder that cannot be opened is locked in name only, as on a system that has no locks.</summary>
    [Fact]
    public void What_has_no_lock_is_taken_in_name_only()
    {
        using var first = Files.LockFolder(At("missing"));
        using var second = Files.LockFolder(At("missing"));
        Assert.NotNull(first);
        Assert.NotNull(second);
    }

    [Fact]
    public void A_folder_is_flushed_and_one_that_is_not_there_is_named()
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // where a rename needs no such flush
        }

        Files.FlushFolder(_folder);
        Assert.Equal($"No such file or directory: '{At("missing")}' could not be flushed to disk", Assert.Throws<IOException>(() => Files.FlushFolder(At("missing"))).Message);
        if (OperatingSystem.IsLinux())
        {
            Files.FlushFolder("/proc");   // a file system without such a flush
            Assert.DoesNotContain(Directory.GetFileSystemEntries("/proc/self/fd"), descriptor => new FileInfo(descriptor).LinkTarget == _folder);
        }
    }

    [ProgramTheory("ls", "/proc/self/fd")]
    [InlineData("/proc/self/fd")]
    public void A_program_that_is_started_inherits_no_lock(string descriptors)
    {
        using var first = Files.LockFolder(_folder);
        Assert.Contains(Directory.GetFileSystemEntries(descriptors), descriptor => new FileInfo(descriptor).LinkTarget == _folder);
        Assert.DoesNotContain(_folder, ProgramTheoryAttribute.Run("ls", ["-l", descriptors], "/").Output, StringComparison.Ordinal);
    }

    /// <summary>Not for ever: who reads is told.</summary>
    [Fact]
    public void What_somebody_else_holds_cannot_be_read()
    {
        using var held = new FileStream(At("held"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.True(PhysicalFileSystem.IsInUse(Assert.Throws<IOException>(() => Files.OpenRead(At("held")))));
    }

    [Fact]
    public void Kinds_are_told_apart()
    {
        File.WriteAllText(At("file"), "");
        Assert.Equal((FileKind.Folder, FileKind.Regular, FileKind.None), (Files.KindOf(_folder), Files.KindOf(At("file")), Files.KindOf(At("missing"))));
    }

    [Fact]
    public void Files_are_found_by_how_their_names_begin()
    {
        foreach (var name in (string[])["b2", "a", "b1", "xb"])
        {
            File.WriteAllText(At(name), "");
        }

        Directory.CreateDirectory(At("b0"));
        Assert.Equal(["b1", "b2"], Files.FindFiles(_folder, "b"));
    }

    /// <summary>Others read, rename and delete what is open, and what is written is there at once.</summary>
    [Fact]
    public void A_file_that_is_written_is_in_nobodys_way()
    {
        foreach (var open in (Func<string, Stream>[])[Files.CreateNew, Files.OpenOrCreate, path => { File.WriteAllText(path, ""); return Files.OpenWrite(path); }])
        {
            using (var stream = open(At("a")))
            {
                stream.WriteByte(7);
                Assert.Equal(1, new FileInfo(At("a")).Length);
                using (var reading = Files.OpenRead(At("a")))
                {
                    Assert.Equal(7, reading.ReadByte());
                }

                Files.Rename(At("a"), At("b"));
            }

            Files.Delete(At("b"));
            Files.Delete(At("b"));
            Assert.False(Files.FileExists(At("b")));
        }
    }

    [Fact]
    public void What_is_there_is_not_created_and_what_is_not_there_is_not_written()
    {
        Assert.Throws<FileNotFoundException>(() => Files.OpenWrite(At("a")));
        File.WriteAllText(At("a"), "1");
        Assert.ThrowsAny<IOException>(() => Files.CreateNew(At("a")));
        Files.OpenOrCreate(At("a")).Dispose();
        Assert.Equal("1", File.ReadAllText(At("a")));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
