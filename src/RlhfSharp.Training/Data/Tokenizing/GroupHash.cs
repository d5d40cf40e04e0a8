using System.Security.Cryptography;
using System.Text;

namespace RlhfSharp.Training.Data;

/// <summary>Names what dialogues share by a hash that is the same on every machine.</summary>
internal static class GroupHash
{
    /// <summary>Hashes a prompt.</summary>
    /// <returns>32 hexadecimal digits of SHA-256.</returns>
    public static string Of(Passage prompt)
    {
        // Lengths keep the parts apart: no two different prompts are written the same way.
        var text = prompt.IsConversational
            ? string.Concat(prompt.Messages.Select(message => $"{message.Role}:{message.Content.Length}:{message.Content}"))
            : prompt.Text;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
