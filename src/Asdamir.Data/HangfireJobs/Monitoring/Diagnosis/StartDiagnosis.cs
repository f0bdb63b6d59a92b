using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

/// <summary>
/// Looks once for what is wrong with the schema, when the server has announced itself: until then its own queue would have no server.
/// Nothing waits for it.
/// </summary>
internal sealed partial class StartDiagnosis(
    IJobMonitor monitor, HangfireJobsOptions options, IHostEnvironment environment, ILogger<StartDiagnosis> log) : IBackgroundProcess
{
    private const int MostFindings = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public bool IsWanted => options.DiagnoseAtStart ?? environment.IsDevelopment();

    public void Execute(BackgroundProcessContext context)
    {
        try
        {
            Run(context.StoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It is not worth another try: the server itself says when the storage cannot be used.
            Log.NotDone(log, new LogText(exception.Message));
        }
        context.Wait(Timeout.InfiniteTimeSpan);
    }

    private void Run(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(Limit);
        try
        {
            Report(monitor.DiagnoseAsync(cancellationToken: limit.Token).GetAwaiter().GetResult().Findings);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Log.NotDone(log, new LogText("It takes longer than 10 seconds."));
        }
    }

    private void Report(IReadOnlyList<JobFinding> findings)
    {
        foreach (var finding in findings.Take(MostFindings))
        {
            Log.Found(
                log, finding.Severity == JobFindingSeverity.Notice ? LogLevel.Information : LogLevel.Warning, finding.Kind,
                new LogText(finding.Target), new LogText(finding.Message), new LogText(finding.Fix));
        }
        if (findings.Count > MostFindings)
            Log.More(log, findings.Count - MostFindings);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1607, Message = "{Kind}: {Target}. {Finding} Fix: {Fix}")]
        public static partial void Found(
            ILogger logger, LogLevel level, JobFindingKind kind, LogText target, LogText finding, LogText fix);

        [LoggerMessage(
            EventId = 1608, Level = LogLevel.Warning,
            Message = "There are {Count} more findings. 'dotnet asdamir-jobs doctor' and the console list all")]
        public static partial void More(ILogger logger, int count);

        [LoggerMessage(EventId = 1609, Level = LogLevel.Information, Message = "The schema was not checked at the start. {Reason}")]
        public static partial void NotDone(ILogger logger, LogText reason);
    }
}
