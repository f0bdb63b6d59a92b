using System.Text.RegularExpressions;

namespace Asdamir.Data.HangfireJobs.Isolation;

/// <summary>
/// The rules for queues, prefixes, recurring ids and job names. The limits are those of the strictest
/// storage in use (SQL Server: 50 characters for a queue, 100 for a hash key), so that an app can change its storage.
/// </summary>
internal static partial class Names
{
    public const int MaxQueueLength = 50;
    public const int MaxStoredRecurringIdLength = 86;
    public const int MaxJobNameLength = 100;

    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? FaultOfQueue(string queue) =>
        queue.Length > MaxQueueLength ? $"is longer than {MaxQueueLength} characters"
        : !QueuePattern().IsMatch(queue) ? "may only contain lowercase letters, digits, '-' and '_'"
        : null;

    public static string? FaultOfPrefix(string prefix) =>
        prefix.Length > MaxQueueLength ? $"is longer than {MaxQueueLength} characters"
        : !PrefixPattern().IsMatch(prefix) ? "may only contain letters, digits, '.', '-' and '_'"
        : null;

    public static string? FaultOfRecurringId(string id, AppIdentity app) =>
        string.IsNullOrWhiteSpace(id) ? "is empty"
        : id.Trim().Length != id.Length ? "starts or ends with a space"
        : id.Any(char.IsControl) ? "contains a control character"
        : app.StoredRecurringId(id).Length > MaxStoredRecurringIdLength
            ? $"is longer than {MaxStoredRecurringIdLength} characters together with the prefix"
        : null;

    public static string? FaultOfJobName(string name) =>
        string.IsNullOrWhiteSpace(name) ? "is empty"
        : name.Trim().Length != name.Length ? "starts or ends with a space"
        : name.Length > MaxJobNameLength ? $"is longer than {MaxJobNameLength} characters"
        : name.Any(char.IsControl) ? "contains a control character"
        : null;

    [GeneratedRegex(@"\A[a-z0-9_-]+\z")]
    private static partial Regex QueuePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+\z")]
    private static partial Regex PrefixPattern();
}
