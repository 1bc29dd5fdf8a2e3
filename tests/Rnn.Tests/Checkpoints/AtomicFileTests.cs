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

        Assert.True(operations >= 5, "create, write, flush, rename and flush of the folder can each fail");
    }

    [Fact]
    public void The_content_is_on_disk_before_the_name_and_the_name_before_the_return()
    {
        var files = new FaultyFileSystem(Fault.None, 0);
        AtomicFile.Write(files, Path.Combine(_folder, "a"), [1]);
        Assert.Equal(["create a.tmp", "write a.tmp", "flush a.tmp", "rename a.tmp a", "flush folder"], files.Log);
    }
}
