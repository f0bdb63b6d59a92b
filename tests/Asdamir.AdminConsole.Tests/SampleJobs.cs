using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests;

/// <summary>A job of the tests; no server executes it.</summary>
internal sealed class MailJob : IJob<string>
{
    public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

/// <summary>A mail of a list, one at a time for each list.</summary>
[Limit("smtp", MaxRunning = 5)]
[Limit("per-list", MaxRunning = 1, Key = nameof(ListMail.To))]
internal sealed class ListMailJob : IJob<ListMail>
{
    public Task<JobResult> ExecuteAsync(ListMail args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

internal sealed record ListMail(string To);

/// <summary>A job whose every word tries to become part of a page.</summary>
[JobName("Mail " + Hostile.Text)]
[Limit(Hostile.Text, MaxRunning = 1)]
internal sealed class HostileJob : IJob<string>
{
    public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

/// <summary>Was ambient, as a hostile app would store it, where hostile jobs were enqueued.</summary>
internal sealed class HostileContext : IJobContextPropagator
{
    public static readonly AsyncLocal<bool> IsOn = new();

    public void Capture(IDictionary<string, string> values)
    {
        if (IsOn.Value)
            values[Hostile.Text] = Hostile.Text;
    }

    public void Restore(IReadOnlyDictionary<string, string> values, IServiceProvider services)
    {
    }
}

/// <summary>Texts that a careless page would execute.</summary>
internal static class Hostile
{
    public const string Script = "<script>hit(1)</script>";

    public const string Text = "\"'><img src=x onerror=hit(2)>" + Script;
}
