using System.CommandLine;
using System.Globalization;
using Asdamir.Data.CommandLine.Connections;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>
/// An action on jobs: on ids, or on all jobs that match. For those the number is typed, and jobs that enter the state later are left
/// unchanged.
/// </summary>
internal sealed class JobsActionCommand : Command
{
    private const int Counted = 1_000_000;

    private readonly JobActionKind _kind;
    private readonly JobFilterOptions _filter = new();
    private readonly ActionOptions _action = new();

    private readonly Argument<string[]> _ids = new("id")
    {
        Description = "The ids of the jobs; without ids, --state and the other options select them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _expected = new("--expected-state")
    {
        Description = "The state the jobs were seen in; a job in another state is skipped.",
        HelpName = "state",
    };

    private readonly Option<long?> _count = new("--count")
    {
        Description = "How many jobs match, as a confirmation. Without it, or with another number, nothing is done.",
        HelpName = "number",
    };

    public JobsActionCommand(CommandRunner runner, JobActionKind kind, string description)
        : base(kind.ToString().ToLowerInvariant(), description)
    {
        _kind = kind;
        Add(_ids);
        Add(_expected);
        _filter.AddTo(this);
        Add(_count);
        _action.AddTo(this);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var request = RequestOf(call);
        using var monitor = call.Location.Observe(call.Environment.Time, _action.Audits(call));
        if (request.Filter is { } filter && !await IsConfirmedAsync(call, monitor, filter, cancellationToken).ConfigureAwait(false))
            return ExitCode.Refused;
        var result = await monitor.ExecuteAsync(request, ProgressOf(call), cancellationToken).ConfigureAwait(false);
        return ActionReport.Write(call, result);
    }

    private JobActionRequest RequestOf(CommandCall call)
    {
        var ids = call.Get(_ids) ?? [];
        var expected = call.Get(_expected);
        var isFilter = _filter.IsUsed(call.Parsed);
        if (ids.Length > 0 && (isFilter || call.Get(_count) is not null))
            throw new UsageException("There are ids and options that select jobs. Fix: leave one of them out; ids need no --count.");
        if (ids.Length == 0 && expected is not null)
            throw new UsageException("--expected-state is for ids. Fix: select jobs by --state.");
        var filter = _filter.Of(call.Parsed);
        if (ids.Length == 0 && filter.State is null)
            throw new UsageException("No jobs are named. Fix: write their ids, or select them with --state and other options.");
        return new JobActionRequest
        {
            Kind = _kind,
            Jobs = ids.Length == 0 ? null : [.. ids.Select(id => new JobReference { Id = id, ExpectedState = expected })],
            Filter = ids.Length > 0 ? null : filter with { To = filter.To ?? call.Now },
            Reason = _action.Reason(call),
            User = _action.By(call),
        };
    }

    private async Task<bool> IsConfirmedAsync(
        CommandCall call, IJobMonitor monitor, JobListFilter filter, CancellationToken cancellationToken)
    {
        var count = await monitor.CountJobsAsync(filter, Counted, cancellationToken).ConfigureAwait(false);
        var typed = call.Get(_count);
        if (typed == count)
            return true;
        var shown = count.ToString(CultureInfo.InvariantCulture);
        call.Terminal.WriteError(
            count == 0
                ? "No jobs match; nothing was done."
                : $"{shown} jobs match{(typed is null ? "" : $", not {typed}")}; nothing was done. "
                    + $"Fix: look at them with 'list', then repeat the command with --count {shown}.");
        return false;
    }

    private static LineOfProgress? ProgressOf(CommandCall call) =>
        call.Terminal.ShowsProgress ? new LineOfProgress(call.Terminal.Error) : null;

    // Not Progress<T>, which reports on other threads and so out of order.
    private sealed class LineOfProgress(TextWriter error) : IProgress<JobActionResult>
    {
        public void Report(JobActionResult value) =>
            error.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{value.Done} done, {value.Skipped} skipped, {value.Failed} failed …"));
    }
}
