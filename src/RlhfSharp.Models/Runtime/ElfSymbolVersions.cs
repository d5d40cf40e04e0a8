using System.Buffers.Binary;
using System.Text;

namespace RlhfSharp.Models.Runtime;

/// <summary>Edits the symbol versions that a 64-bit little-endian ELF library asks of other libraries.</summary>
internal static class ElfSymbolVersions
{
    private const int SectionTableOffset = 0x28;
    private const int SectionEntrySize = 0x3A;
    private const int SectionCount = 0x3C;
    private const uint VersionNeeds = 0x6ffffffe;   // SHT_GNU_verneed
    private const ushort Weak = 0x2;                // VER_FLG_WEAK: the loader no longer insists on this version

    /// <summary>Marks every need of <paramref name="version"/> as weak.</summary>
    /// <param name="library">The whole file; changed in place.</param>
    /// <param name="version">For instance <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>Whether the library asked for that version at all.</returns>
    public static bool Weaken(Span<byte> library, string version)
    {
        if (library.Length < 64 || !library[..4].SequenceEqual("\u007fELF"u8) || library[4] != 2)
        {
            return false;
        }
        var sections = (int)U64(library, SectionTableOffset);
        var entrySize = U16(library, SectionEntrySize);
        var found = false;
        for (var i = 0; i < U16(library, SectionCount); i++)
        {
            var section = sections + i * entrySize;
            if (U32(library, section + 4) != VersionNeeds)
            {
                continue;
            }
            var linkedSection = sections + (int)U32(library, section + 0x28) * entrySize;
            var names = (int)U64(library, linkedSection + 0x18);
            found |= WeakenNeeds(library, need: (int)U64(library, section + 0x18), names, version);
        }
        return found;
    }

    // A section of needs is a linked list of libraries, each with a linked list of versions asked of it.
    private static bool WeakenNeeds(Span<byte> library, int need, int names, string version)
    {
        var found = false;
        while (true)
        {
            var auxiliary = need + (int)U32(library, need + 8);
            for (var left = U16(library, need + 2); left > 0; left--)
            {
                if (NameAt(library, names + (int)U32(library, auxiliary + 8)) == version)
                {
                    var flags = library[(auxiliary + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    found = true;
                }
                auxiliary += (int)U32(library, auxiliary + 12);
            }
            var next = (int)U32(library, need + 12);
            if (next == 0)
            {
                return found;
            }
            need += next;
        }
    }

    private static string NameAt(ReadOnlySpan<byte> library, int offset)
    {
        var rest = library[offset..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
