using System.Buffers;

namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>
/// Formats the value of a setting for a message. A value that looks like a connection string, an address or a key is probably a secret
/// under the wrong name, and is hidden.
/// </summary>
internal static class ShownSetting
{
    private const int LongestValue = 60;
    private static readonly SearchValues<char> OfSecrets = SearchValues.Create("=;@\r\n");

    public static string Of(string value) => MayBeSecret(value) ? "(not shown)" : $"'{value}'";

    public static bool MayBeSecret(string value) => value.Length > LongestValue || value.AsSpan().ContainsAny(OfSecrets);
}
