using System.CommandLine;
using Asdamir.Data.CommandLine.Connections;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Sets the number of a limit, or gives it back to what its app declares.</summary>
internal sealed class LimitActionCommand : Command
{
    private const string DefaultQueue = "default";

    private readonly Argument<string> _name = new("name") { Description = "The name of the limit." };
    private readonly Argument<int>? _number;
    private readonly ActionOptions _action = new();

    private readonly Option<string?> _app = new("--app")
    {
        Description = $"The app, by its queue. Default: AppQueue of the settings, or {DefaultQueue}.",
        HelpName = "queue",
    };

    public LimitActionCommand(CommandRunner runner, bool takesNumber)
        : base(
            takesNumber ? "set" : "reset",
            takesNumber ? "Change how many jobs of a limit are executed at the same time." : "Give a limit back to what its app declares.")
    {
        Add(_name);
        if (takesNumber)
        {
            _number = new Argument<int>("number")
            {
                Description = $"How many, for each key of the limit: from 0, with which no job begins, to {JobLimits.MaxRunning}.",
            };
            Add(_number);
        }
        Add(_app);
        _action.AddTo(this);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var number = _number is null ? (int?)null : call.Get(_number);
        if (number is < 0 or > JobLimits.MaxRunning)
            throw new UsageException($"{number} is out of range. Fix: use a number from 0 to {JobLimits.MaxRunning}.");
        var request = new JobActionRequest
        {
            Kind = _number is null ? JobActionKind.ResetLimit : JobActionKind.ChangeLimit,
            Limit = new LimitReference { Queue = QueueOf(call), Name = call.Get(_name)! },
            MaxRunning = number,
            Reason = _action.ReasonAlone(call),
            User = _action.By(call),
        };
        using var monitor = call.Location.Observe(call.Environment.Time, _action.Audits(call));
        return ActionReport.Write(call, await monitor.ExecuteAsync(request, null, cancellationToken).ConfigureAwait(false));
    }

    private string QueueOf(CommandCall call) =>
        call.Get(_app) is { Length: > 0 } app ? app
        : call.Location.AppQueue is { Length: > 0 } queue ? queue
        : DefaultQueue;
}
