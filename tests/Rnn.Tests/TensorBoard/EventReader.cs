using System.Buffers.Binary;
using CharRnn.Rnn.Runs;
using Google.Protobuf;

namespace CharRnn.Rnn.Tests.TensorBoard;

/// <summary>An event file read by others' code: the frames bit by bit, the messages by Google's own parser of the wire format.</summary>
internal static class EventReader
{
    internal sealed record Event(double Time, long Step, string? Version, int? Session, IReadOnlyList<Value> Values);

    internal sealed record Value(string Tag, float? Number, string? Text, string? Plugin);

    public static List<Event> Read(string path)
    {
        var events = new List<Event>();
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (!rest.IsEmpty)
        {
            var length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(rest));
            Assert.Equal(Mask(Crc32C(rest[..8])), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            var content = rest.Slice(12, length);
            Assert.Equal(Mask(Crc32C(content)), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            events.Add(ReadEvent(content.ToArray()));
            rest = rest[(16 + length)..];
        }

        return events;
    }

    /// <summary>A run's only event file holds what the logs hold.</summary>
    public static void AssertHoldsLogs(string folder)
    {
        var run = RunFolder.Open(folder);
        var events = Read(Assert.Single(Directory.GetFiles(folder, "events.out.tfevents.*")));
        Assert.Equal(run.ReadMetrics().Select(record => (record.Step, (float?)record.Loss, (float?)record.SmoothLoss, (float?)record.CharactersPerSecond)),
            events.Where(read => read.Values is [{ Tag: "loss" }, ..]).Select(read => (read.Step, read.Values[0].Number, read.Values[1].Number, read.Values[2].Number)));
        Assert.Equal(run.ReadSamples().Select(sample => (sample.Step, "    " + sample.Text)),
            events.Where(read => read.Values is [{ Tag: "sample" }]).Select(read => (read.Step, read.Values[0].Text!)));
    }

    /// <summary>CRC-32C by its definition: polynomial 0x1EDC6F41, reflected, one bit at a time.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xa282ead8;

    private static Event ReadEvent(byte[] bytes)
    {
        (double time, long step, string? version, int? session) = (0, 0, null, null);
        var values = new List<Value>();
        Fields(bytes, (field, input) =>
        {
            switch (field)
            {
                case (1 << 3) | 1: time = input.ReadDouble(); break;
                case 2 << 3: step = input.ReadInt64(); break;
                case (3 << 3) | 2: version = input.ReadString(); break;
                case (5 << 3) | 2: Fields(input.ReadBytes().ToByteArray(), (inner, summary) => values.Add(inner == ((1 << 3) | 2) ? ReadValue(summary.ReadBytes().ToByteArray()) : throw Unknown(inner))); break;
                case (7 << 3) | 2: Fields(input.ReadBytes().ToByteArray(), (inner, log) => session = inner == 1 << 3 ? log.ReadEnum() : throw Unknown(inner)); break;
                default: throw Unknown(field);
            }
        });
        return new(time, step, version, session, values);
    }

    private static Value ReadValue(byte[] bytes)
    {
        (var tag, float? number, string? text, string? plugin) = ("", null, null, null);
        Fields(bytes, (field, input) =>
        {
            switch (field)
            {
                case (1 << 3) | 2: tag = input.ReadString(); break;
                case (2 << 3) | 5: number = input.ReadFloat(); break;
                case (8 << 3) | 2: text = ReadTensor(input.ReadBytes().ToByteArray()); break;
                case (9 << 3) | 2:
                    Fields(input.ReadBytes().ToByteArray(), (_, metadata) => Fields(metadata.ReadBytes().ToByteArray(), (_, data) => plugin = data.ReadString()));
                    break;
                default: throw Unknown(field);
            }
        });
        return new(tag, number, text, plugin);
    }

    private static string ReadTensor(byte[] bytes)
    {
        (var text, var type, long size) = ("", 0, 0);
        Fields(bytes, (field, input) =>
        {
            switch (field)
            {
                case 1 << 3: type = input.ReadEnum(); break;
                case (2 << 3) | 2:
                    Fields(input.ReadBytes().ToByteArray(), (_, shape) => Fields(shape.ReadBytes().ToByteArray(), (_, dimension) => size = dimension.ReadInt64()));
                    break;
                case (8 << 3) | 2: text = input.ReadString(); break;
                default: throw Unknown(field);
            }
        });
        Assert.Equal((7, 1L), (type, size));   // DT_STRING, one of them
        return text;
    }

    private static void Fields(byte[] bytes, Action<uint, CodedInputStream> read)
    {
        using var input = new CodedInputStream(bytes);
        for (uint field; (field = input.ReadTag()) != 0;)
        {
            read(field, input);
        }
    }

    private static InvalidDataException Unknown(uint field) => new($"field {field >> 3} of wire type {field & 7}");
}
