namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>One cursor of an attempt.</summary>
internal sealed class JobCursor<T>(AttemptCursors cursors, string name) : IJobCursor<T>
{
    public Task<T?> ReadAsync(CancellationToken ct) => cursors.ReadAsync<T>(name, ct);

    public void MoveTo(T value) => cursors.MoveTo(name, value);

    public Task SaveAsync(T value, CancellationToken ct) => cursors.SaveAsync(name, value, ct);
}
