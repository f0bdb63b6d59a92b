using System.Collections.Frozen;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Takes what is ambient from the enqueuer of a job to its execution, and on to what that enqueues.</summary>
internal sealed class ContextPropagation(IEnumerable<IJobContextPropagator> propagators)
{
    private const int MaxBytes = 4_096;
    private const int MaxName = 100;

    private readonly IJobContextPropagator[] _propagators = [.. propagators];

    // Of this host: a call into another app of the process is another app's.
    private readonly AsyncLocal<IReadOnlyDictionary<string, string>?> _ofExecutedJob = new();

    /// <returns>What is stored with the jobs of a call, as JSON; empty for nothing.</returns>
    /// <exception cref="InvalidOperationException">A propagator captured what cannot be stored.</exception>
    public byte[] Capture(string jobName)
    {
        if (_propagators.Length == 0 && _ofExecutedJob.Value is null)
            return [];
        Dictionary<string, string> values = new(_ofExecutedJob.Value ?? FrozenDictionary<string, string>.Empty, StringComparer.Ordinal);
        foreach (var propagator in _propagators)
        {
            propagator.Capture(values);
            if (FaultOf(values) is { } fault)
            {
                var captured = $"{TypeName.Of(propagator.GetType())}.{nameof(IJobContextPropagator.Capture)}";
                throw new InvalidOperationException(
                    $"The context of a job of type '{jobName}' cannot be stored after {captured}: {fault}");
            }
        }
        if (values.Count == 0)
            return [];
        var json = JobPayload.WriteContext(values);
        return json.Length <= MaxBytes
            ? json
            : throw new InvalidOperationException(
                $"The context of a job of type '{jobName}' has {json.Length} bytes as JSON, and at most {MaxBytes} are stored; the longest "
                    + $"value is '{values.MaxBy(static pair => pair.Value.Length).Key}'. Fix: capture an id, and read the rest where the "
                    + "job is executed.");
    }

    /// <summary>Makes the context of a job ambient for what the caller of this method does from now on.</summary>
    /// <param name="context">What is stored with the job; <see langword="null"/> for nothing.</param>
    /// <param name="services">The scope of the attempt.</param>
    public void Restore(IReadOnlyDictionary<string, string>? context, IServiceProvider services)
    {
        _ofExecutedJob.Value = context;
        foreach (var propagator in _propagators)
            propagator.Restore(context ?? FrozenDictionary<string, string>.Empty, services);
    }

    private static string? FaultOf(Dictionary<string, string> values)
    {
        foreach (var (name, value) in values)
        {
            if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
                return $"the name '{new LogText(name)}' is not a text of 1 to {MaxName} characters without control characters.";
            if (value is null)
                return $"'{name}' is null. Fix: leave it out.";
            try
            {
                ArgumentText.Check(name);
                ArgumentText.Check(value);
            }
            catch (JsonException exception)
            {
                return $"'{new LogText(name)}': {exception.Message}";
            }
        }
        return null;
    }
}
