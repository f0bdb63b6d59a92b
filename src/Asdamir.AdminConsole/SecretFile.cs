namespace Asdamir.AdminConsole;

/// <summary>A file that holds one secret and nothing else.</summary>
internal static class SecretFile
{
    public static string Read(string path) => File.ReadAllText(path).Trim();

    /// <returns>The fault of a setting that names the file; <see langword="null"/> when the file can be read.</returns>
    public static string? FaultOf(string key, string path)
    {
        try
        {
            using var _ = File.OpenRead(path);
            return null;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"{key} names a file that cannot be read. Fix: correct the path, or the file's permissions.";
        }
    }
}
