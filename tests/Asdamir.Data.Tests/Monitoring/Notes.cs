using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring;

/// <summary>An audit that keeps a line for each call.</summary>
internal sealed class Notes : IJobActionAudit
{
    public List<string> Lines { get; } = [];

    public ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken) =>
        Add($"intended {action.Kind} {action.Target} {action.User}");

    public ValueTask NamedAsync(JobAction action, IReadOnlyList<string> jobIds, CancellationToken cancellationToken) =>
        Add($"named {string.Join(' ', jobIds)}");

    public ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken) =>
        Add($"completed {action.Kind} {action.Target} {result.Done}");

    private ValueTask Add(string line)
    {
        Lines.Add(line);
        return ValueTask.CompletedTask;
    }
}
