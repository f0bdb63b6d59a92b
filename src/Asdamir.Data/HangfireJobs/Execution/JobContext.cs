using System.Data.Common;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Server;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>The context of one execution. Values that cost a round trip are read at their first use.</summary>
internal sealed class JobContext(
    PerformContext perform, JobDescriptor job, JsonElement? args, string app, int maxAttempts,
    JobJournal journal, AttemptRecord record, Lazy<int> attempt, ILogger log) : IJobContext
{
    private readonly Lazy<string?> _recurringJobId = new(() => Parameter<string>(perform, JobParameters.RecurringJobId));

    private readonly Lazy<string?> _workflowId = new(() => Parameter<string>(perform, JobWorkflows.Parameter));
    private readonly Lazy<IReadOnlyList<ParentJob>> _parents = new(() => ParentJobs.Read(perform.Storage, perform.BackgroundJob.Id));

    public string JobId => perform.BackgroundJob.Id;

    public string JobName => job.Name;

    public string App => app;

    public int Attempt => attempt.Value;

    public int MaxAttempts => maxAttempts;

    public DateTimeOffset CreatedAt => new(DateTime.SpecifyKind(perform.BackgroundJob.CreatedAt, DateTimeKind.Utc));

    public string? RecurringJobId => _recurringJobId.Value;

    public string? WorkflowId => _workflowId.Value;

    public IReadOnlyList<ParentJob> Parents => WorkflowId is null ? [] : _parents.Value;

    public string? ArgumentsJson => args?.GetRawText();

    public ILogger Logger => log;

    public void ReportProgress(double percent, string? text = null)
    {
        if (double.IsNaN(percent))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "Progress must be a number from 0 to 100.");
        journal.Report(percent, text);
    }

    public Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> work, CancellationToken ct = default) =>
        record.Steps.DoAsync(name, work, ct);

    public Task StepAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct = default) =>
        record.Steps.DoAsync(name, work, ct);

    public IJobCursor<T> Cursor<T>(string name)
    {
        StepNames.Check(name, "cursor");
        record.Cursors.Add(name);
        return new JobCursor<T>(record.Cursors, name);
    }

    public Task CompleteInAsync(DbTransaction transaction, object? output = null, CancellationToken ct = default) =>
        record.CompleteInAsync(transaction, output, log, ct);

    /// <summary>Reads the number of the attempt at its first use.</summary>
    public static Lazy<int> AttemptOf(PerformContext perform) => new(() => Parameter<int>(perform, JobParameters.RetryCount) + 1);

    // On a separate connection: Hangfire's cancellation check may be using the worker's.
    private static T? Parameter<T>(PerformContext perform, string name)
    {
        if (perform.BackgroundJob.ParametersSnapshot is not null)
            return perform.GetJobParameter<T>(name, allowStale: true);
        using var connection = perform.Storage.GetConnection();
        return JobParameters.Get<T>(connection, perform.BackgroundJob.Id, name);
    }
}
