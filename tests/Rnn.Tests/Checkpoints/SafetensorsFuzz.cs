using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Checkpoints;

/// <summary>
/// Files that nobody meant to write: valid ones with bytes changed, cut, doubled, headers made from a grammar that knows the format's words,
/// and large ones that would like to take more memory than they have bytes.
/// 20,000 in a test run; CHARRNN_FUZZ_CASES=1000000 for a long one, CHARRNN_FUZZ_SEED for others.
/// </summary>
public class SafetensorsFuzz
{
    private const long Constant = 1 << 20;

    private static readonly byte[] Valid = ModelFile.Create(Vocabulary.FromText("ab\"é😀"), NetworkWeights<float>.Random(new(2, 5), 1), new("adagrad", [new NetworkWeights<float>(new(2, 5))]), new float[2], [new("step", "1")]).ToBytes();

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ",", ":", "\"", " ", "\\", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F32\"", "\"F64\"", "\"U8\"", "\"W\"", "\"U\"", "\"h\"",
        "0", "1", "-1", "8", "16", "1e3", "0.5", "4294967296", "9223372036854775807", "18446744073709551616", "null", "true", "\"\\u0000\"", "\"\\ud800\"", "\"é\"", "\"vocabulary\"", "/*",
    ];

    [Fact]
    public void Any_file_is_read_or_refused_by_rule()
    {
        var cases = int.TryParse(Environment.GetEnvironmentVariable("CHARRNN_FUZZ_CASES"), out var number) ? number : 20_000;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CHARRNN_FUZZ_SEED"), out number) ? number : 1;
        var rules = new Dictionary<SafetensorsRule, int>();
        var read = 0;
        for (var i = 0; i < cases; i++)
        {
            var random = new Random(unchecked(seed * 1_000_003 + i));
            var bytes = i % 100 == 99 ? Heavy(random) : (i % 3) switch { 0 => Mutated(random), 1 => MadeByGrammar(random), _ => Structured(random) };
            long begun = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
            SafetensorsFile? file = null;
            try
            {
                file = SafetensorsFile.Read(bytes);
                ModelFile.From(file);
                read++;
            }
            catch (SafetensorsException exception)
            {
                rules[exception.Rule] = rules.GetValueOrDefault(exception.Rule) + 1;
                Assert.DoesNotContain('\n', exception.Message);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"case {i} of seed {seed}: {exception}\n{Convert.ToHexString(bytes)}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= bytes.Length + Constant, $"case {i} of seed {seed}: {allocated} bytes allocated for a file of {bytes.Length}");
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(5), $"case {i} took {Stopwatch.GetElapsedTime(begun)}");
            if (file is not null)
            {
                Assert.Equal(file.Tensors.Count, SafetensorsFile.Read(file.ToBytes()).Tensors.Count);
            }
        }
        // The cases reach the depths: models that load, and nearly every rule of the format.
        Assert.True(read > cases / 200, $"only {read} of {cases} were models");
        Assert.True(rules.Count >= 14, $"only these rules were met: {string.Join(", ", rules.Keys)}");
    }

    private static byte[] Mutated(Random random)
    {
        List<byte> bytes = [.. Valid];
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)])); break;
                case 5: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes[random.Next(Math.Min(8, bytes.Count))] = (byte)random.Next(256); break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static byte[] MadeByGrammar(Random random)
    {
        var header = new StringBuilder(random.Next(4) == 0 ? "" : "{");
        for (var words = random.Next(40); words > 0; words--)
        {
            header.Append(Words[random.Next(Words.Length)]);
        }

        return File(header.ToString(), random.Next(32));
    }

    /// <summary>Well-formed JSON whose statements are true or nearly so.</summary>
    private static byte[] Structured(Random random)
    {
        var entries = new List<string>();
        if (random.Next(2) == 0)
        {
            entries.Add($"\"__metadata__\":{{\"vocabulary\":\"{new[] { "ab", "ba", "aa", "", "a" }[random.Next(5)]}\"}}");
        }

        long place = 0;
        foreach (var name in (string[])["W", "U", "V", "b", "c", "adagrad.W", "h"])
        {
            if (random.Next(12) == 0)
            {
                continue;
            }

            long[] shape = name switch { "W" or "adagrad.W" => [1, 1], "U" => [1, 2], "V" => [2, 1], "c" => [2], _ => [1] };
            var type = random.Next(25) == 0 ? new[] { "F64", "I32", "U8", "F16", "X" }[random.Next(5)] : "F32";
            if (random.Next(25) == 0)
            {
                shape[0] = new[] { 0, 2, -1, long.MaxValue, 1L << 32 }[random.Next(5)];
            }

            var size = shape.Aggregate(4L, (product, extent) => unchecked(product * extent));
            long begin = random.Next(30) == 0 ? random.Next(64) : place, end = random.Next(30) == 0 ? random.NextInt64() >> random.Next(64) : unchecked(begin + size);
            entries.Add($$"""{{(random.Next(40) == 0 ? "\"W\"" : $"\"{name}\"")}}:{"dtype":"{{type}}","shape":[{{string.Join(",", shape)}}],"data_offsets":[{{begin}},{{end}}]}""");
            place = end;
        }

        if (random.Next(3) == 0)
        {
            entries.Reverse();
        }

        var bytes = File("{" + string.Join(",", entries) + "}", (int)Math.Clamp(place, 0, 256) + (random.Next(20) == 0 ? 1 : 0));
        if (random.Next(20) == 0)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), float.NaN);
        }

        return bytes;
    }

    /// <summary>A header of up to 300 KB: one long string, or very many short ones, where a string, a name or a tensor may stand.</summary>
    private static byte[] Heavy(Random random)
    {
        string[] letters = ["a", "\\u0061", "\\n", "é", "\\ud83d\\ude00", "😀"];
        string letter = letters[random.Next(letters.Length)], text = string.Concat(Enumerable.Repeat(letter, random.Next(1, 300_000 / letter.Length)));
        var many = random.Next(1, 3000);
        const string Tensor = """{"dtype":"U8","shape":[0],"data_offsets":[0,0]}""";
        var entries = random.Next(8) switch
        {
            0 => $$"""
                "__metadata__":{"vocabulary":"{{text}}"}
                """,
            1 => $$"""
                "__metadata__":{"{{text}}":""}
                """,
            2 => $$"""
                "__metadata__":{{{string.Join(",", Enumerable.Range(0, many).Select(i => $"\"{i}{text[..Math.Min(text.Length, 60 / letter.Length * letter.Length)]}\":\"\""))}}}
                """,
            3 => $"\"{text}\":{Tensor}",
            4 => string.Join(",", Enumerable.Range(0, many).Select(i => $"\"{i}\":{Tensor}")),
            5 => $$"""
                "a":{"dtype":"{{text}}"}
                """,
            6 => $$"""
                "a":{"{{text}}":0}
                """,
            _ => $$"""
                "a":{"dtype":"U8","shape":[{{string.Join(",", Enumerable.Repeat("1", many))}}]}
                """,
        };
        // Half of them as a model, so that what was read is looked into.
        return File(random.Next(2) == 0 ? $"{{{entries}}}" : """
            {ENTRIES,"W":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"U":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]},"V":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},"c":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}
            """.Replace("ENTRIES", entries, StringComparison.Ordinal), 20);
    }

    private static byte[] File(string header, int dataLength)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        return bytes;
    }
}
