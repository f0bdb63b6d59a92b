using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Tests;

/// <summary>A job of the tests; no server executes it.</summary>
internal sealed class MailJob : IJob<Mail>
{
    public Task<JobResult> ExecuteAsync(Mail args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

internal sealed record Mail(string To, string? Password = null);

/// <summary>Mails of a list, a few at a time.</summary>
[Limit("smtp", MaxRunning = 5)]
[Limit("per-list", MaxRunning = 1, Key = nameof(Mail.To))]
internal sealed class ListMailJob : IJob<Mail>
{
    public Task<JobResult> ExecuteAsync(Mail args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

/// <summary>The longest name that a job type may have, written from right to left.</summary>
[JobName(Hostile.Name)]
internal sealed class HostileJob : IJob<string>
{
    public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

/// <summary>Texts that take over a careless terminal.</summary>
internal static class Hostile
{
    public const string Name = "\u05d0\u05d1\u05d2 \u202eevil\u2066" + Tail;

    public const string Text = "\e[31mred\e]0;title\a\r\nForged line\u202e\u2028end";

    // The whole name has 100 characters.
    private const string Tail = "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
}
