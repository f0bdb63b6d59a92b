using System.Security.Cryptography;
using System.Text;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>A key that is made from arguments, which may be longer than a storage takes.</summary>
internal static class StorableKey
{
    /// <returns>The text; a hash of it when no storage takes it as a key.</returns>
    public static string Of(ReadOnlySpan<byte> text)
    {
        var key = Encoding.UTF8.GetString(text);
        return JobKeys.FaultOf(key) is null ? key : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(text))}";
    }
}
