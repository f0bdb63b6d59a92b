using System.Data.Common;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Testing.RunTwice;

/// <summary>The context of an attempt, whose steps and saved cursors pass the gate.</summary>
internal sealed class WatchedContext(IJobContext context, EffectGate gate) : IJobContext
{
    public string JobId => context.JobId;

    public string JobName => context.JobName;

    public string App => context.App;

    public int Attempt => context.Attempt;

    public int MaxAttempts => context.MaxAttempts;

    public DateTimeOffset CreatedAt => context.CreatedAt;

    public string? RecurringJobId => context.RecurringJobId;

    public string? WorkflowId => context.WorkflowId;

    public IReadOnlyList<ParentJob> Parents => context.Parents;

    public string? ArgumentsJson => context.ArgumentsJson;

    public ILogger Logger => context.Logger;

    public void ReportProgress(double percent, string? text = null) => context.ReportProgress(percent, text);

    public async Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> work, CancellationToken ct = default)
    {
        await gate.EnterAsync().ConfigureAwait(false);
        var result = await context.StepAsync(name, work, ct).ConfigureAwait(false);
        await gate.PassAsync($"step '{name}'").ConfigureAwait(false);
        return result;
    }

    public async Task StepAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct = default)
    {
        await gate.EnterAsync().ConfigureAwait(false);
        await context.StepAsync(name, work, ct).ConfigureAwait(false);
        await gate.PassAsync($"step '{name}'").ConfigureAwait(false);
    }

    public IJobCursor<T> Cursor<T>(string name) => new WatchedCursor<T>(context.Cursor<T>(name), name, gate);

    public Task CompleteInAsync(DbTransaction transaction, object? output = null, CancellationToken ct = default) =>
        context.CompleteInAsync(transaction, output, ct);

    private sealed class WatchedCursor<T>(IJobCursor<T> cursor, string name, EffectGate gate) : IJobCursor<T>
    {
        public Task<T?> ReadAsync(CancellationToken ct = default) => cursor.ReadAsync(ct);

        public void MoveTo(T value) => cursor.MoveTo(value);

        public async Task SaveAsync(T value, CancellationToken ct = default)
        {
            await gate.EnterAsync().ConfigureAwait(false);
            await cursor.SaveAsync(value, ct).ConfigureAwait(false);
            await gate.PassAsync($"cursor '{name}'").ConfigureAwait(false);
        }
    }
}
