using System.Buffers.Binary;
using System.IO.Pipes;
using System.Text;
using CharRnn.Rnn.Checkpoints;
using Microsoft.Win32.SafeHandles;
using Rule = CharRnn.Rnn.Checkpoints.SafetensorsRule;

namespace CharRnn.Rnn.Tests.Checkpoints;

public class SafetensorsFileTests
{
    private static byte[] File(string header, int dataLength = 0)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        return bytes;
    }

    /// <summary>The rule that is named, in a message of one line.</summary>
    private static Rule RuleOf(byte[] bytes)
    {
        var exception = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(bytes));
        Assert.Matches("^[^\n]{20,}$", exception.Message);
        return exception.Rule;
    }

    private static string Tensor(string name, string type, string shape, string offsets) =>
        $$"""{{name}}:{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{offsets}}]}""";

    public static TheoryData<Rule, string, int> Broken()
    {
        var nine = string.Join(",", Enumerable.Repeat("1", 9));
        var many = string.Join(",", Enumerable.Range(0, SafetensorsFile.MaximumTensors + 1).Select(i => Tensor($"\"t{i}\"", "U8", "0", "0,0")));
        return new()
        {
            { Rule.HeaderNotJson, "", 0 },
            { Rule.HeaderNotJson, "[]", 0 },
            { Rule.HeaderNotJson, " {}", 0 },
            { Rule.HeaderNotJson, "{", 0 },
            { Rule.HeaderNotJson, "{}x", 0 },
            { Rule.HeaderNotJson, "{}{}", 0 },
            { Rule.HeaderNotJson, "{\"__metadata__\":{},}", 0 },
            { Rule.HeaderNotJson, "{/**/}", 0 },
            { Rule.HeaderNotJson, "{\"\\uD800\":{}}", 0 },
            { Rule.HeaderNotJson, "{\"__metadata__\":{\"a\":\"\\uDC00\"}}", 0 },
            { Rule.HeaderNotJson, new string('[', 1000), 0 },
            { Rule.HeaderNotJson, "{\"__metadata__\":{\"a\":\"\\uD800x\"}}", 0 },
            { Rule.HeaderNotJson, "{\"__metadata__\":{\"a\":\"\\uD800\"}}", 0 },
            { Rule.HeaderNotJson, "{\"__metadata__\":{\"a\":\"\\uD800\\n\"}}", 0 },
            { Rule.HeaderNotJson, "   ", 0 },
            { Rule.HeaderNotJson, "{\"__metadata__\":{\"a\":\"\\uD800\\uD800\"}}", 0 },
            { Rule.HeaderNotJson, "{\"__metadata__\":{\"a\":\"\\u00g0\"}}", 0 },
            { Rule.NameTooLong, $"{{{Tensor($"\"{new string('a', SafetensorsFile.MaximumNameLength + 1)}\"", "U8", "0", "0,0")}}}", 0 },
            { Rule.NameTooLong, $"{{\"__metadata__\":{{\"{new string('a', SafetensorsFile.MaximumNameLength + 1)}\":\"\"}}}}", 0 },
            { Rule.DuplicateName, $"{{{Tensor("\"a\"", "U8", "1", "0,1")},{Tensor("\"\\u0061\"", "U8", "1", "1,2")}}}", 2 },
            { Rule.DuplicateName, "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0 },
            { Rule.DuplicateName, "{\"__metadata__\":{},\"__metadata__\":{}}", 0 },
            { Rule.DuplicateName, "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 0 },
            { Rule.DuplicateName, "{\"a\":{\"shape\":[],\"shape\":[]}}", 0 },
            { Rule.DuplicateName, "{\"a\":{\"data_offsets\":[],\"data_offsets\":[]}}", 0 },
            { Rule.MetadataNotStrings, "{\"__metadata__\":[]}", 0 },
            { Rule.MetadataNotStrings, "{\"__metadata__\":{\"a\":1}}", 0 },
            { Rule.TensorMalformed, "{\"a\":1}", 0 },
            { Rule.TensorMalformed, "{\"a\":{}}", 0 },
            { Rule.TensorMalformed, "{\"a\":{\"dtype\":7}}", 0 },
            { Rule.TensorMalformed, "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1 },
            { Rule.TensorMalformed, "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":1}}", 1 },
            { Rule.TensorMalformed, "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1 },
            { Rule.TensorMalformed, "{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1 },
            { Rule.TooMany, $"{{{many}}}", 0 },
            { Rule.TooMany, $"{{\"__metadata__\":{{{string.Join(",", Enumerable.Range(0, SafetensorsFile.MaximumTensors + 1).Select(i => $"\"{i}\":\"\""))}}}}}", 0 },
            { Rule.TooMany, $"{{{Tensor("\"a\"", "U8", nine, "0,1")}}}", 1 },
            { Rule.UnknownType, $"{{{Tensor("\"a\"", "F7", "1", "0,1")}}}", 1 },
            { Rule.UnknownType, $"{{{Tensor("\"a\"", "0", "1", "0,4")}}}", 4 },
            { Rule.UnknownType, $"{{{Tensor("\"a\"", "f32", "1", "0,4")}}}", 4 },
            { Rule.ShapeInvalid, $"{{{Tensor("\"a\"", "U8", "-1", "0,1")}}}", 1 },
            { Rule.ShapeInvalid, $"{{{Tensor("\"a\"", "U8", "1.5", "0,1")}}}", 1 },
            { Rule.ShapeInvalid, $"{{{Tensor("\"a\"", "U8", "\"1\"", "0,1")}}}", 1 },
            { Rule.ShapeInvalid, $"{{{Tensor("\"a\"", "U8", "99999999999999999999", "0,1")}}}", 1 },
            { Rule.ShapeOverflow, $"{{{Tensor("\"a\"", "F32", "4294967296,4294967296", "0,0")}}}", 0 },
            { Rule.ShapeOverflow, $"{{{Tensor("\"a\"", "F64", "2305843009213693952", "0,0")}}}", 0 },
            { Rule.OffsetsInvalid, $"{{{Tensor("\"a\"", "U8", "1", "0")}}}", 1 },
            { Rule.OffsetsInvalid, $"{{{Tensor("\"a\"", "U8", "1", "1,0")}}}", 1 },
            { Rule.OffsetsInvalid, $"{{{Tensor("\"a\"", "U8", "1", "-1,0")}}}", 1 },
            { Rule.OffsetsInvalid, $"{{{Tensor("\"a\"", "U8", "1", "0,1,2")}}}", 1 },
            { Rule.OffsetsBeyondFile, $"{{{Tensor("\"a\"", "U8", "9", "0,9")}}}", 8 },
            { Rule.OffsetsBeyondFile, $"{{{Tensor("\"a\"", "U8", "1000000000000", "0,1000000000000")}}}", 8 },
            { Rule.SizeMismatch, $"{{{Tensor("\"a\"", "F32", "2", "0,4")}}}", 4 },
            { Rule.SizeMismatch, $"{{{Tensor("\"a\"", "F32", "0", "0,4")}}}", 4 },
            { Rule.SizeMismatch, $"{{{Tensor("\"a\"", "U8", "9223372036854775807", "0,4")}}}", 4 },
            { Rule.NotContiguous, $"{{{Tensor("\"a\"", "U8", "1", "1,2")}}}", 2 },
            { Rule.NotContiguous, $"{{{Tensor("\"a\"", "U8", "1", "0,1")}}}", 2 },
            { Rule.NotContiguous, $"{{{Tensor("\"a\"", "U8", "2", "0,2")},{Tensor("\"b\"", "U8", "2", "1,3")}}}", 3 },
            { Rule.NotContiguous, "{}", 1 },
        };
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_file_names_its_rule(Rule rule, string header, int dataLength) => Assert.Equal(rule, RuleOf(File(header, dataLength)));

    /// <summary>Where it is broken, and what is there.</summary>
    [Theory]
    [InlineData("tensor 'a' has 4 bytes, but F32 [2, 3] takes 24", "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[2,6]}", 6)]
    [InlineData("tensor 'a' has 4 bytes, but F32 [2, 0] takes 0", "\"a\":{\"dtype\":\"F32\",\"shape\":[2,0],\"data_offsets\":[0,4]}", 4)]
    [InlineData("tensor 'a' is no object", "\"a\":1", 0)]
    [InlineData("tensor 'a' lacks dtype, shape or data_offsets", "\"a\":{}", 0)]
    [InlineData("tensor 'a' has a key other than dtype, shape and data_offsets", "\"a\":{\"x\":1}", 0)]
    [InlineData("tensor 'a' has a dtype that is no string", "\"a\":{\"dtype\":1}", 0)]
    [InlineData("tensor 'a' has dtype twice", "\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}", 0)]
    [InlineData("tensor 'a' has shape twice", "\"a\":{\"shape\":[],\"shape\":[]}", 0)]
    [InlineData("tensor 'a' has data_offsets twice", "\"a\":{\"data_offsets\":[],\"data_offsets\":[]}", 0)]
    [InlineData("tensor 'a' has a shape that is no list of whole numbers from 0", "\"a\":{\"shape\":[-1]}", 0)]
    [InlineData("tensor 'a' has a data_offsets that is no list of whole numbers from 0", "\"a\":{\"data_offsets\":1}", 0)]
    [InlineData("tensor 'a' has the unknown dtype 'F7'", "\"a\":{\"dtype\":\"F7\"}", 0)]
    [InlineData("tensor 'a' has the unknown dtype ''", "\"a\":{\"dtype\":\"0123456789012345678901234567890123\"}", 0)]
    [InlineData("'0123456789012345678901234567890123456789' stands twice in the metadata", "\"__metadata__\":{\"0123456789012345678901234567890123456789\":\"\",\"0123456789012345678901234567890123456789\":\"\"}", 0)]
    [InlineData("tensor '0123456789012345678901234567890123456...' is no object", "\"01234567890123456789012345678901234567890\":1", 0)]
    [InlineData("1 bytes follow the last tensor", "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}", 3)]
    [InlineData("tensor 'a' begins at byte 1 of the data, not at 0 where the one before it ends", "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}", 2)]
    [InlineData("tensor 'a' ends at byte 2 of the data, which has 1: the file is cut short or damaged", "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}", 1)]
    public void What_is_broken_is_said(string message, string entries, int dataLength) =>
        Assert.Equal(message, Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(File($"{{{entries}}}", dataLength))).Message);

    [Fact]
    public void A_file_that_is_none_is_said_so()
    {
        var folder = Path.GetTempPath();
        Assert.Equal("it is a folder: name a file in it", Assert.Throws<IOException>(() => SafetensorsFile.Read(folder)).Message);
        Assert.Equal("no such file", Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Read(Path.Combine(folder, $"{Guid.NewGuid()}"))).Message);
        Assert.Equal("not a safetensors file: 7 bytes are too few", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(new byte[7])).Message);
    }

    [Fact]
    public void A_file_that_becomes_shorter_while_it_is_read_is_said_so()
    {
        using var stream = new ShrinkingStream(File($"{{{Tensor("\"a\"", "U8", "5", "0,5")}}}", 4));
        var exception = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(stream));
        Assert.Equal((Rule.FileTooShort, "the file became shorter while it was read"), (exception.Rule, exception.Message));
    }

    private sealed class ShrinkingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override long Length => base.Length + 1;
    }

    [Fact]
    public void Lengths_that_lie_are_refused_before_memory_is_taken()
    {
        Assert.Equal(Rule.FileTooShort, RuleOf([]));
        Assert.Equal(Rule.FileTooShort, RuleOf(new byte[7]));
        Assert.Equal(Rule.HeaderBeyondFile, RuleOf([3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']));
        Assert.Equal(Rule.HeaderBeyondFile, RuleOf([255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}']));
        var longHeader = new byte[8 + SafetensorsFile.MaximumHeaderLength + 1];
        BinaryPrimitives.WriteInt64LittleEndian(longHeader, SafetensorsFile.MaximumHeaderLength + 1);
        Assert.Equal(Rule.HeaderTooLong, RuleOf(longHeader));
        foreach (var header in (string[])["{\"?\":{}}", "{\"__metadata__\":{\"?\":\"\"}}", "{\"__metadata__\":{\"a\":\"?\"}}", "{\"__metadata__\":{\"a\":\"?\\n\"}}"])
        {
            var notUtf8 = File(header);
            notUtf8[Array.IndexOf(notUtf8, (byte)'?')] = 0xFF;
            Assert.Equal(Rule.HeaderNotJson, RuleOf(notUtf8));
        }
    }

    /// <summary>Three gigabytes on disk, though they take no place there, are not read into an array that cannot hold them.</summary>
    [Fact]
    public void A_tensor_that_fits_no_array_is_refused_before_memory_is_taken()
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // where the file would take its place
        }

        var folder = Directory.CreateTempSubdirectory("charrnn-tensors-").FullName;
        try
        {
            const long length = 3_000_000_000;
            var path = Path.Combine(folder, "large");
            var head = File($"{{{Tensor("\"a\"", "U8", $"{length}", $"0,{length}")}}}");
            using (var file = System.IO.File.Create(path))
            {
                file.Write(head);
                file.SetLength(head.Length + length);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            var exception = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(path));
            Assert.Equal((Rule.TensorTooLarge, "tensor 'a' has 3000000000 bytes, more than 2147483591"), (exception.Rule, exception.Message));
            using (var file = System.IO.File.OpenWrite(path))
            {
                file.Write(BitConverter.GetBytes(length - 8));
            }

            Assert.Equal(Rule.HeaderTooLong, Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(path)).Rule);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A pipe, which has no length and no way back: as <c>sample &lt;(zcat model.gz)</c> gives one.</summary>
    [Fact]
    public async Task A_pipe_is_read_to_its_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var valid = File($"{{{Tensor("\"a\"", "U8", "200000", "0,200000")}}}", 200_000);
        Assert.Equal(200_000, Assert.Single((await Pipe(valid)).File!.Tensors).Data.Length);
        Assert.Equal(Rule.OffsetsBeyondFile, (await Pipe(valid[..^1])).Rule);
        Assert.Equal(Rule.NotContiguous, (await Pipe([.. valid, 0])).Rule);
        Assert.Equal(Rule.FileTooShort, (await Pipe([1, 2, 3])).Rule);
        Assert.Equal(Rule.FileTooShort, (await Pipe([])).Rule);
        // It never ends, and need not: its first bytes are no header's length.
        Assert.Equal(Rule.HeaderTooLong, (await Pipe(Encoding.UTF8.GetBytes("yes\nyes\n"), endless: true)).Rule);

        static async Task<(SafetensorsFile? File, Rule? Rule)> Pipe(byte[] bytes, bool endless = false)
        {
            await using var server = new AnonymousPipeServerStream(PipeDirection.Out);
            await using var client = new FileStream(new SafeFileHandle(server.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read);
            var writing = Task.Run(() =>
            {
                server.Write(bytes);
                if (!endless)
                {
                    server.Dispose();
                }
            });
            try
            {
                return (SafetensorsFile.Read(client), null);
            }
            catch (SafetensorsException exception)
            {
                Assert.NotEmpty(exception.Message);
                return (null, exception.Rule);
            }
            finally
            {
                server.DisposeLocalCopyOfClientHandle();   // who has not read to the end lets the writer go
                try
                {
                    await writing;
                }
                catch (IOException)
                {
                }
            }
        }
    }

    /// <summary>A file that claims a terabyte costs no more than its header.</summary>
    [Fact]
    public void A_claim_of_a_terabyte_allocates_nothing()
    {
        var bytes = File($"{{{Tensor("\"a\"", "U8", "1000000000000", "0,1000000000000")}}}");
        _ = RuleOf(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = RuleOf(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    /// <summary>The longest header there may be, filled with what would take most: the file's size and a megabyte, however it ends.</summary>
    [Theory]
    [InlineData("{\"__metadata__\":{\"vocabulary\":\"", "a", "\"}")]
    [InlineData("{\"__metadata__\":{\"vocabulary\":\"", "\\u0061", "\"}")]
    [InlineData("{\"__metadata__\":{\"vocabulary\":\"", "\\ud83d\\ude00", "\"}")]
    [InlineData("{\"__metadata__\":{\"", "a", "\":\"\"}")]
    [InlineData("{\"", "a", "\":{}")]
    [InlineData("{\"a\":{\"", "dtype", "\":\"\"}")]
    [InlineData("{\"a\":{\"dtype\":\"", "F", "\"}")]
    [InlineData("{\"a\":{\"shape\":[0", ",0", "]}")]
    [InlineData("{", "[", "")]
    [InlineData("{", " ", "")]
    [InlineData("{\"__metadata__\":{\"x\":\"\"", ",\"x\":\"\"", "}")]
    public void The_longest_header_takes_no_more_memory_than_the_file(string begin, string middle, string end)
    {
        // As part of a model, so that the vocabulary is looked into.
        end += $",{Tensor("\"W\"", "F32", "1,1", "0,4")},{Tensor("\"U\"", "F32", "1,1", "4,8")},{Tensor("\"V\"", "F32", "1,1", "8,12")},{Tensor("\"b\"", "F32", "1", "12,16")},{Tensor("\"c\"", "F32", "1", "16,20")}}}";
        var count = (SafetensorsFile.MaximumHeaderLength - begin.Length - end.Length) / middle.Length;
        var bytes = File(begin + string.Concat(Enumerable.Repeat(middle, count)) + end, 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.IsType<SafetensorsException>(Record.Exception(() => ModelFile.From(SafetensorsFile.Read(bytes))));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, SafetensorsFile.MaximumHeaderLength / 2, bytes.Length + (1 << 20));
    }

    /// <summary>As many names as there may be, of the longest length.</summary>
    [Fact]
    public void The_most_names_take_no_more_memory_than_the_file()
    {
        string Name(int i) => $"{i:D4}".PadRight(SafetensorsFile.MaximumNameLength, 'n');
        var bytes = File($"{{\"__metadata__\":{{{string.Join(",", Enumerable.Range(0, SafetensorsFile.MaximumTensors).Select(i => $"\"{Name(i)}\":\"\""))}}},{string.Join(",", Enumerable.Range(0, SafetensorsFile.MaximumTensors).Select(i => Tensor($"\"{Name(i)}\"", "U8", "0,1,1,1,1,1,1,1", "0,0")))}}}");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var file = SafetensorsFile.Read(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, bytes.Length, bytes.Length + (2 << 20));
        Assert.Equal(SafetensorsFile.MaximumTensors, file.Tensors.Count);
        Assert.Equal(SafetensorsFile.MaximumTensors, file.Metadata.Count);
    }

    /// <summary>What can be read can be written and read again: names are as long as they are, however they are escaped.</summary>
    [Fact]
    public void A_name_of_the_longest_length_comes_back_however_it_is_escaped()
    {
        var name = string.Concat(Enumerable.Repeat("😀", SafetensorsFile.MaximumNameLength / 4));
        var escaped = string.Concat(Enumerable.Repeat("\\ud83d\\ude00", SafetensorsFile.MaximumNameLength / 4));
        foreach (var written in (string[])[name, escaped])
        {
            var file = SafetensorsFile.Read(File($"{{\"__metadata__\":{{\"{written}\":\"\"}},{Tensor($"\"{written}\"", "U8", "0", "0,0")}}}"));
            var back = SafetensorsFile.Read(file.ToBytes());
            Assert.Equal(name, Assert.Single(back.Tensors).Name);
            Assert.Equal(name, Assert.Single(back.Metadata.Keys));
        }

        Assert.Equal(Rule.NameTooLong, RuleOf(File($"{{{Tensor($"\"{escaped}a\"", "U8", "0", "0,0")}}}")));
        var longest = string.Concat(Enumerable.Repeat("\\u0061", SafetensorsFile.MaximumNameLength));
        Assert.Equal(new string('a', SafetensorsFile.MaximumNameLength), Assert.Single(SafetensorsFile.Read(File($"{{{Tensor($"\"{longest}\"", "U8", "0", "0,0")}}}")).Tensors).Name);
    }

    /// <summary>Every escape of JSON, in strings that another writer escaped more than need be.</summary>
    [Fact]
    public void Escapes_in_the_metadata_are_resolved()
    {
        var bytes = File("""{"__metadata__":{"a":"\"\\\/\b\f\n\r\t\u0041\u00e9\u6f22\ud83d\ude00z\u0000","\u0062":"plain é漢😀","c":"\uFFFF"}}""");
        var metadata = SafetensorsFile.Read(bytes).Metadata;
        Assert.Equal(["a", "b", "c"], metadata.Keys);
        Assert.Equal(["\"\\/\b\f\n\r\tAé漢😀z\0", "plain é漢😀", "\uFFFF"], metadata.Values);
    }

    /// <summary>As the format's description says, byte by byte, by another hand: other key order, other tensor order, padding, empty and scalar tensors.</summary>
    [Fact]
    public void A_file_written_by_others_loads()
    {
        const string header = """{"z":{"data_offsets":[8,14],"shape":[3,1],"dtype":"F16"},"__metadata__":{"format":"pt"},"empty":{"shape":[0,7],"dtype":"F64","data_offsets":[8,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}, "one" : {"dtype":"BOOL","shape":[],"data_offsets":[14,15]}}     """;
        byte[] bytes = [(byte)header.Length, (byte)(header.Length >> 8), 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 2, 3, 4, 5, 6, 1];
        var file = SafetensorsFile.Read(bytes);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(["a", "empty", "z", "one"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(TensorType.F32, file.Tensors[0].Type);
        Assert.Equal(1f, BitConverter.ToSingle(file.Tensors[0].Data.Span));
        Assert.Equal(-2f, BitConverter.ToSingle(file.Tensors[0].Data.Span[4..]));
        Assert.Equal([0L, 7L], file.Tensors[1].Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], file.Tensors[2].Data.ToArray());
        Assert.Empty(file.Tensors[3].Shape);
    }

    /// <summary>In order of place, empty ones before what begins where they lie, and of one place by name: however the header has them.</summary>
    [Fact]
    public void Empty_tensors_lie_anywhere()
    {
        var header = string.Join(',', Tensor("\"b\"", "U8", "0", "0,0"), Tensor("\"a2\"", "U8", "1", "0,1"), Tensor("\"a\"", "U8", "0", "0,0"), Tensor("\"z\"", "U8", "0", "0,0"), Tensor("\"c\"", "U8", "9223372036854775807,4,0", "1,1"));
        Assert.Equal(["a", "b", "z", "a2", "c"], SafetensorsFile.Read(File($"{{{header}}}", 1)).Tensors.Select(tensor => tensor.Name));
    }

    /// <summary>Without metadata there is no entry for them; characters stand as they are.</summary>
    [Fact]
    public void A_header_is_as_short_as_can_be()
    {
        var bytes = new SafetensorsFile([], [new("é漢", TensorType.U8, [1], new byte[] { 65 })]).ToBytes();
        Assert.Equal("{\"é漢\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}       A", Encoding.UTF8.GetString(bytes.AsSpan(8)));
    }

    [Fact]
    public void What_is_written_is_read_and_written_again_the_same()
    {
        var file = new SafetensorsFile(
            [new("text", "quote \" backslash \\ nul \0 ä 漢 😀 \u2028"), new("a", "")],
            [new("w", TensorType.F32, [2, 1], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }), new("none", TensorType.I64, [0], Array.Empty<byte>()), new("ü", TensorType.U8, [], new byte[] { 9 })]);
        var bytes = file.ToBytes();
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
        var back = SafetensorsFile.Read(bytes);
        Assert.Equal(file.Metadata, back.Metadata);
        Assert.Equal(bytes, back.ToBytes());
        Assert.Equal(file.Tensors.Select(tensor => (tensor.Name, tensor.Type, string.Join(",", tensor.Shape), Convert.ToHexString(tensor.Data.Span))),
            back.Tensors.Select(tensor => (tensor.Name, tensor.Type, string.Join(",", tensor.Shape), Convert.ToHexString(tensor.Data.Span))));
    }
}
