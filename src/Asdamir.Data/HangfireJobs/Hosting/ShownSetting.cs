using System.Buffers;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>The value of a setting in a message. A value that looks like a connection string, an address or a key was put under the wrong name, and is not shown.</summary>
internal static class ShownSetting
{
    private const int LongestValue = 60;
    private static readonly SearchValues<char> OfSecrets = SearchValues.Create("=;@\r\n");

    public static string Of(string value) => value.Length > LongestValue || value.AsSpan().ContainsAny(OfSecrets) ? "(not shown)" : $"'{value}'";
}
