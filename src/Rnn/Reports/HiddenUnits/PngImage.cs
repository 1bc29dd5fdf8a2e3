using System.Buffers.Binary;
using System.IO.Compression;

namespace CharRnn.Rnn.Reports.HiddenUnits;

/// <summary>Writes small pictures as PNG (ISO/IEC 15948), 8 bits a channel with transparency.</summary>
public static class PngImage
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>The bytes of a PNG file.</summary>
    /// <param name="width">In pixels, at least 1.</param>
    /// <param name="height">In pixels, at least 1.</param>
    /// <param name="rgba">Red, green, blue, opacity of each pixel, row by row from the top: 4 * width * height bytes.</param>
    public static byte[] Write(int width, int height, ReadOnlySpan<byte> rgba)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (rgba.Length != 4 * width * height)
        {
            throw new ArgumentException($"{width} x {height} pixels take {4 * width * height} bytes, not {rgba.Length}", nameof(rgba));
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a channel
        header[9] = 6; // red, green, blue, opacity
        Chunk(file, "IHDR"u8, header);
        using var pixels = new MemoryStream();
        using (var compressed = new ZLibStream(pixels, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                compressed.WriteByte(0); // no filter
                compressed.Write(rgba.Slice(4 * width * row, 4 * width));
            }
        }

        Chunk(file, "IDAT"u8, pixels.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var crc = 0xFFFFFFFF;
        foreach (var value in type)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        foreach (var value in data)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        file.Write(number);
    }

    /// <summary>The CRC of PNG, polynomial 0xEDB88320 (ISO/IEC 15948, annex D).</summary>
    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            var value = n;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[n] = value;
        }

        return table;
    }
}
