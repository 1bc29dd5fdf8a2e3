using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace CharRnn.Rnn.Text;

/// <summary>
/// SHA-256 of bytes as they arrive (FIPS 180-4, section 6.2). The platform's own implementation loads OpenSSL's shared library when first used:
/// that takes longer than the first hundred updates of a training, and the process aborts where the library is missing.
/// </summary>
internal sealed class Sha256
{
    private const int BlockLength = 64;

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes (section 4.2.2).
    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private readonly uint[] _state =
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private readonly byte[] _block = new byte[BlockLength];
    private long _length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var filled = (int)(_length % BlockLength);
        _length += bytes.Length;
        if (filled > 0)
        {
            var taken = Math.Min(BlockLength - filled, bytes.Length);
            bytes[..taken].CopyTo(_block.AsSpan(filled));
            bytes = bytes[taken..];
            if (filled + taken < BlockLength)
            {
                return;
            }

            Compress(_block);
        }

        while (bytes.Length >= BlockLength)
        {
            Compress(bytes[..BlockLength]);
            bytes = bytes[BlockLength..];
        }

        bytes.CopyTo(_block);
    }

    /// <summary>Ends the message; 64 lower-case hexadecimal digits.</summary>
    public string Finish()
    {
        // Padding: a one bit, zeros, the length in bits as 64 bits.
        var bits = _length * 8;
        var zeros = (int)((BlockLength * 2 - 9 - _length % BlockLength) % BlockLength);
        var padding = new byte[1 + zeros + 8];
        padding[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(padding.AsSpan(1 + zeros), bits);
        Append(padding);
        var digest = new byte[32];
        for (var i = 0; i < _state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(4 * i), _state[i]);
        }

        return Convert.ToHexStringLower(digest);
    }

    [SkipLocalsInit]
    private unsafe void Compress(ReadOnlySpan<byte> block)
    {
        var w = stackalloc uint[64];
        for (var t = 0; t < 16; t++)
        {
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        }

        for (var word = w + 16; word < w + 64; word++)
        {
            uint w15 = word[-15], w2 = word[-2];
            var s0 = BitOperations.RotateRight(w15, 7) ^ BitOperations.RotateRight(w15, 18) ^ (w15 >> 3);
            var s1 = BitOperations.RotateRight(w2, 17) ^ BitOperations.RotateRight(w2, 19) ^ (w2 >> 10);
            *word = word[-16] + s0 + word[-7] + s1;
        }

        var state = _state;
        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];

        // Eight rounds at a time: the variables change their roles instead of their values.
        fixed (uint* k = RoundConstants)
        {
            for (nint t = 0; t < 64; t += 8)
            {
                Round(a, b, c, ref d, e, f, g, ref h, k[t] + w[t]);
                Round(h, a, b, ref c, d, e, f, ref g, k[t + 1] + w[t + 1]);
                Round(g, h, a, ref b, c, d, e, ref f, k[t + 2] + w[t + 2]);
                Round(f, g, h, ref a, b, c, d, ref e, k[t + 3] + w[t + 3]);
                Round(e, f, g, ref h, a, b, c, ref d, k[t + 4] + w[t + 4]);
                Round(d, e, f, ref g, h, a, b, ref c, k[t + 5] + w[t + 5]);
                Round(c, d, e, ref f, g, h, a, ref b, k[t + 6] + w[t + 6]);
                Round(b, c, d, ref e, f, g, h, ref a, k[t + 7] + w[t + 7]);
            }
        }

        state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
    }

    /// <summary>One round: d becomes the next round's e, and h its a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint input)
    {
        h += input + (g ^ (e & (f ^ g)));
        h += BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
        d += h;
        h += (a & b) | (c & (a | b));
        h += BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
    }
}
