using System.CommandLine;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>An action on a recurring job.</summary>
internal sealed class RecurringActionCommand : Command
{
    private readonly JobActionKind _kind;
    private readonly ActionOptions _action = new();
    private readonly Argument<string> _id = new("id") { Description = "The stored id, with the prefix of its app, as in crm:nightly." };

    public RecurringActionCommand(CommandRunner runner, JobActionKind kind, string description)
        : base(kind.ToString().ToLowerInvariant(), description)
    {
        _kind = kind;
        Add(_id);
        _action.AddTo(this);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var request = new JobActionRequest
        {
            Kind = _kind,
            RecurringJobId = call.Get(_id),
            Reason = _action.Reason(call),
            User = _action.By(call),
        };
        using var monitor = call.Location.Observe(call.Environment.Time, _action.Audits(call));
        return ActionReport.Write(call, await monitor.ExecuteAsync(request, null, cancellationToken).ConfigureAwait(false));
    }
}
