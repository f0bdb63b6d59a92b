using System.Globalization;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Job ids as Hangfire passes them: positive whole numbers as text, without leading zeros, so that a job has one id. Any other text is an
/// id that does not exist.
/// </summary>
internal static class JobIds
{
    private const string LockPrefix = "job:";
    private const string LockSuffix = ":state-lock";

    public static bool TryParse(ReadOnlySpan<char> id, out long value)
    {
        value = 0;
        return id is not (['0', ..]) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    public static string Format(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a lock is the one Hangfire takes around a change of a job's state.</summary>
    public static bool IsLockOf(string resource, out long id)
    {
        id = 0;
        return resource.StartsWith(LockPrefix, StringComparison.Ordinal)
            && resource.EndsWith(LockSuffix, StringComparison.Ordinal)
            && resource.Length > LockPrefix.Length + LockSuffix.Length
            && TryParse(resource.AsSpan(LockPrefix.Length, resource.Length - LockPrefix.Length - LockSuffix.Length), out id);
    }
}
