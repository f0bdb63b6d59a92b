using System.Globalization;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Job ids as Hangfire passes them: positive whole numbers as text. Any other text is an id that does not exist.</summary>
internal static class JobIds
{
    private const string LockPrefix = "job:";
    private const string LockSuffix = ":state-lock";

    public static bool TryParse(string? id, out long value) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    public static string Format(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The lock Hangfire takes around a change of a job's state.</summary>
    public static string LockOf(long id) => LockPrefix + Format(id) + LockSuffix;

    /// <summary>Whether a lock is the one Hangfire takes around a change of a job's state.</summary>
    public static bool IsLockOf(string resource, out long id)
    {
        id = 0;
        return resource.StartsWith(LockPrefix, StringComparison.Ordinal)
            && resource.EndsWith(LockSuffix, StringComparison.Ordinal)
            && resource.Length > LockPrefix.Length + LockSuffix.Length
            && long.TryParse(resource.AsSpan(LockPrefix.Length, resource.Length - LockPrefix.Length - LockSuffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
