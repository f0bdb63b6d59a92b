using System.CommandLine;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>An action on a queue.</summary>
internal sealed class QueueActionCommand : Command
{
    private readonly JobActionKind _kind;
    private readonly ActionOptions _action = new();
    private readonly Argument<string> _queue = new("queue") { Description = "The queue, which is an app; it need not exist yet." };

    private readonly Option<DateTimeOffset?> _until = JobFilterOptions.TimeOption(
        "--until", "When the pause ends (UTC), by the clock of the database. Default: when the queue is resumed.");

    public QueueActionCommand(CommandRunner runner, string name, JobActionKind kind, string description)
        : base(name, description)
    {
        _kind = kind;
        _queue.Validators.Add(static queue =>
        {
            if (queue.Tokens is [{ Value: "" }])
                queue.AddError("The queue is empty. Fix: give its name, see 'queues'.");
        });
        Add(_queue);
        if (kind == JobActionKind.PauseQueue)
            Add(_until);
        _action.AddTo(this);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var request = new JobActionRequest
        {
            Kind = _kind,
            Queue = call.Get(_queue),
            Until = _kind == JobActionKind.PauseQueue ? call.Get(_until) : null,
            Reason = _action.ReasonAlone(call),
            User = _action.By(call),
        };
        using var monitor = call.Location.Observe(call.Environment.Time, _action.Audits(call));
        return ActionReport.Write(call, await monitor.ExecuteAsync(request, null, cancellationToken).ConfigureAwait(false));
    }
}
