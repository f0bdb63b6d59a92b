using System.CommandLine;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Shows jobs as they change, or the log of one job, until Ctrl+C or the end of that job.</summary>
internal sealed class TailCommand : Command
{
    private const int PageSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Of two processes that commit at the same time, the earlier time may appear later.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private readonly JobFilterOptions _filter = new();

    private readonly Argument<string?> _id = new("id")
    {
        Description = "A job, to show its log until it ends; without it, jobs as they change.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public TailCommand(CommandRunner runner)
        : base("tail", "Show jobs as they change, or the log of a job, until Ctrl+C.")
    {
        Add(_id);
        _filter.AddTo(this);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        try
        {
            if (call.Get(_id) is { } id)
                return await FollowLogAsync(call, monitor, id, cancellationToken).ConfigureAwait(false);
            await FollowJobsAsync(call, monitor, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
            return ExitCode.Done;
        }
    }

    private async Task FollowJobsAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var filter = _filter.Of(call.Parsed) with { OldestFirst = true };
        var from = filter.From ?? call.Now;
        HashSet<(string Id, JobState State, DateTimeOffset? At)> shown = [];
        while (true)
        {
            string? after = null;
            do
            {
                var page = await monitor.GetJobsAsync(filter with { From = from }, PageSize, after, cancellationToken)
                    .ConfigureAwait(false);
                foreach (var job in page.Jobs.Where(job => shown.Add((job.Id, job.State, job.StateAt))))
                    Write(call, job);
                after = page.Next;
            }
            while (after is not null);
            var newest = shown.Max(static key => key.At) ?? from;
            from = newest - Overlap > from ? newest - Overlap : from;
            shown.RemoveWhere(key => key.At < from);
            await Task.Delay(Interval, call.Environment.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> FollowLogAsync(CommandCall call, IJobMonitor monitor, string id, CancellationToken cancellationToken)
    {
        HashSet<JobLogLine> shown = [];
        while (true)
        {
            // The state first: what a job writes before it ends is read after that.
            var job = await monitor.FindJobAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
            var lines = await monitor.GetJobLogAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (job is null || lines is null)
            {
                call.Terminal.WriteError($"There is no job '{id}'.");
                return ExitCode.Refused;
            }
            foreach (var line in lines.Where(line => !shown.Contains(line)))
                Write(call, line);
            shown = [.. lines];
            if (job.State is nameof(JobState.Succeeded) or nameof(JobState.Failed) or nameof(JobState.Deleted))
                return job.State == nameof(JobState.Succeeded) ? ExitCode.Done : ExitCode.Refused;
            await Task.Delay(Interval, call.Environment.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Write(CommandCall call, JobSummary job)
    {
        if (call.IsJson)
        {
            call.WriteJson(Documents.JobDocument.Of(job), ToolJson.Lines.JobDocument);
            return;
        }
        var terminal = call.Terminal;
        var state = job.State.ToString();
        var error = job.Error is { } text ? $"  {terminal.Safe(text)}" : "";
        terminal.WriteLine(
            $"{Times.Of(job.StateAt)}  {terminal.Colored(state.PadRight(10), States.ColorOf(state))}  {terminal.Safe(job.Id)}  "
                + $"{terminal.Safe(job.Name)}  {terminal.Safe(job.App)}{error}");
    }

    private static void Write(CommandCall call, JobLogLine line)
    {
        if (call.IsJson)
            call.WriteJson(Documents.LogLineDocument.Of(line), ToolJson.Lines.LogLineDocument);
        else
            call.Terminal.WriteLine($"{Times.Of(line.At)}  {line.Level}  {call.Terminal.Safe(line.Message)}");
    }
}
