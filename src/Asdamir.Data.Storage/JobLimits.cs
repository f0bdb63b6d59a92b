using System.Globalization;
using System.Text.Json;

namespace Asdamir.Data.Storage;

/// <summary>
/// The limits of a job. They are a parameter that is set when the job is created; <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/> claim the job when each of its limits has room, see <see cref="IJobLimits"/>. A job that waits for
/// room stays Enqueued and occupies no worker.
/// </summary>
public static class JobLimits
{
    /// <summary>The parameter of a job with its limits.</summary>
    public const string Parameter = "Limits";

    /// <summary>The field of a recurring job with the limits of the jobs that it creates.</summary>
    public const string RecurringField = "Asdamir.Limits";

    /// <summary>How many limits a job has, at most.</summary>
    public const int MaxCount = 5;

    /// <summary>How many characters the name of a limit has, at most.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The most jobs that a limit may allow at the same time.</summary>
    public const int MaxRunning = 1_000_000;

    /// <summary>The value of <see cref="Parameter"/>.</summary>
    /// <param name="limits">Up to <see cref="MaxCount"/>, each name once.</param>
    /// <exception cref="ArgumentException">There are none or too many, a name occurs twice, or a name or a key is invalid.</exception>
    public static string Of(IReadOnlyCollection<JobLimit> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Count is 0 or > MaxCount)
            throw new ArgumentException($"A job has {limits.Count} limits. Fix: use 1 to {MaxCount}.", nameof(limits));
        if (limits.Select(static limit => limit.Name).Distinct(StringComparer.Ordinal).Count() < limits.Count)
            throw new ArgumentException("A job has the same limit twice. Fix: use each limit once.", nameof(limits));
        foreach (var limit in limits)
        {
            if (FaultOfName(limit.Name) is { } nameFault)
                throw new ArgumentException($"The name of a limit {nameFault}", nameof(limits));
            if (limit.Key is { Length: > 0 } key && JobKeys.FaultOf(key) is { } keyFault)
                throw new ArgumentException($"The key of the limit '{limit.Name}' {keyFault}", nameof(limits));
        }
        return JsonSerializer.Serialize(limits.Select(static limit => new[] { limit.Name, limit.Key }));
    }

    /// <summary>The limits in <see cref="Parameter"/> of a job.</summary>
    /// <param name="parameter">The value as it is stored, which is JSON.</param>
    /// <returns>The limits; none when there are none that can be read.</returns>
    public static IReadOnlyList<JobLimit> Read(string? parameter)
    {
        if (JobKeys.TextOf(parameter) is not ['[', ..] json)
            return [];
        try
        {
            var limits = JsonSerializer.Deserialize<string?[]?[]>(json) ?? [];
            return limits.Length <= MaxCount && Array.TrueForAll(limits, static limit => limit is [{ Length: > 0 }, _])
                ? [.. limits.Select(static limit => new JobLimit(limit![0]!, limit[1]))]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The values of a limit as they are shown: <c>5</c>, <c>100/min</c>, or both; and <c>skip</c>.</summary>
    /// <param name="maxRunning">How many may be executed at the same time; with a rate, <see cref="MaxRunning"/> is left out.</param>
    /// <param name="rate">How many may begin in a window.</param>
    /// <param name="skips">Whether a job without room is deleted; <see langword="false"/> (the default) when it waits.</param>
    public static string TextOf(int? maxRunning, JobRate? rate, bool skips = false) => string.Join(
        ", ",
        new[]
        {
            rate is not null && maxRunning == MaxRunning ? null : maxRunning?.ToString(CultureInfo.InvariantCulture),
            rate?.ToString(),
            skips ? "skip" : null,
        }.OfType<string>());

    /// <summary>The reason of the state Deleted of a job that was skipped, see <see cref="JobLimitRule.Skips"/>.</summary>
    /// <param name="limit">The name of the limit that had no room.</param>
    public static string SkipReason(string limit) => $"Skipped: the limit '{limit}' had no room";

    /// <summary>What is wrong with the name of a limit.</summary>
    /// <param name="name">Up to <see cref="MaxNameLength"/> characters without control characters.</param>
    /// <returns>The end of a sentence that begins with the name, and the fix; <see langword="null"/> when it is valid.</returns>
    public static string? FaultOfName(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "is empty. Fix: name what is limited, such as smtp."
        : name.Length > MaxNameLength ? $"has {name.Length} characters. Fix: use at most {MaxNameLength}."
        : name.Any(char.IsControl) ? "has control characters. Fix: remove them."
        : JobKeys.FaultOf(name);
}
