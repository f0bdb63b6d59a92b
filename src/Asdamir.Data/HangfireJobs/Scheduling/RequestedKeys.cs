using System.Globalization;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>The keys of the jobs of a call, from its options and the job type.</summary>
internal sealed class RequestedKeys
{
    // What the storage takes.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);
    private static readonly TimeSpan DefaultTime = TimeSpan.FromDays(7);

    private readonly JobDescriptor _jobType;
    private readonly JobOptions? _options;
    private readonly bool _isOne;

    /// <exception cref="ArgumentException">A key is invalid, or a time belongs to none.</exception>
    public RequestedKeys(JobDescriptor jobType, JobOptions? options, bool isOne)
    {
        (_jobType, _options, _isOne) = (jobType, options, isOne);
        var fault = FaultOf(options?.UniqueKey, nameof(JobOptions.UniqueKey))
            ?? FaultOf(options?.IdempotencyKey, nameof(JobOptions.IdempotencyKey));
        if (fault is not null)
            throw new ArgumentException(fault, nameof(options));
        CheckReplacement(jobType, options);
        if (options?.IdempotentFor is not { } time)
            return;
        if (options.IdempotencyKey is null)
        {
            throw new ArgumentException(
                $"{nameof(JobOptions.IdempotentFor)} is {time}, but {nameof(JobOptions.IdempotencyKey)} is not set. Fix: set the key.",
                nameof(options));
        }
        if (time <= TimeSpan.Zero || time > Longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), time, $"{nameof(JobOptions.IdempotentFor)} must be more than zero and at most {Longest.TotalDays} days.");
        }
    }

    /// <summary>Whether any of them has a key.</summary>
    public bool Any => _options is { UniqueKey: not null } or { IdempotencyKey: not null } || _jobType.Unique is not null;

    private bool Replaces => _options?.WhenTaken is { } chosen ? chosen == WhenTaken.Replace : _jobType.ReplacesUnique;

    /// <summary>The parameters of a job that say its keys.</summary>
    /// <param name="app">The queue of the app: keys of other apps are others.</param>
    /// <param name="arguments">Its arguments as JSON.</param>
    /// <param name="index">Its place in the call. A repeated call finds each job again.</param>
    public IEnumerable<(string Name, string Value)> Parameters(string app, byte[] arguments, int index)
    {
        if (_options?.IdempotencyKey is { } key)
        {
            var scope = _isOne ? ScopeOf(app) : string.Create(CultureInfo.InvariantCulture, $"{ScopeOf(app)}\t{index}");
            yield return (JobKeys.IdempotencyParameter, JobKeys.Idempotent(scope, key, _options.IdempotentFor ?? DefaultTime));
        }
        if (_options?.UniqueKey is { } unique)
            yield return (JobKeys.UniqueParameter, JobKeys.Unique(ScopeOf(app), unique));
        else if (UniqueOf(_jobType, app, arguments) is { } value)
            yield return (JobKeys.UniqueParameter, value);
        if (Replaces)
            yield return (JobKeys.ReplaceParameter, bool.TrueString);
    }

    /// <summary>The unique key by the job type.</summary>
    /// <returns><see langword="null"/> when its jobs are not unique.</returns>
    public static string? UniqueOf(JobDescriptor jobType, string app, byte[] arguments) =>
        jobType.Unique is { } rule ? JobKeys.Unique($"{app}/{jobType.Name}", rule.KeyOf(arguments)) : null;

    private string ScopeOf(string app) => $"{app}/{_jobType.Name}";

    private static void CheckReplacement(JobDescriptor jobType, JobOptions? options)
    {
        if (options?.WhenTaken is not { } chosen)
            return;
        if (!Enum.IsDefined(chosen))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), chosen,
                $"{nameof(JobOptions.WhenTaken)} must be one of {string.Join(", ", Enum.GetNames<WhenTaken>())}.");
        }
        if (options.UniqueKey is null && jobType.Unique is null)
        {
            throw new ArgumentException(
                $"{nameof(JobOptions.WhenTaken)} is {chosen}, but {nameof(JobOptions.UniqueKey)} is not set, and the job type "
                    + $"'{jobType.Name}' is not [Unique]. Fix: set the key.",
                nameof(options));
        }
    }

    private static string? FaultOf(string? key, string name) =>
        key is not null && JobKeys.FaultOf(key) is { } fault ? $"{name} {fault}" : null;
}
