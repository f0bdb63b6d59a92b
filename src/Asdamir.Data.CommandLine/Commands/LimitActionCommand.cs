using System.CommandLine;
using Asdamir.Data.CommandLine.Connections;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Sets the number or the rate of a limit, or gives it back to what its app declares.</summary>
internal sealed class LimitActionCommand : Command
{
    private const string DefaultQueue = "default";

    private readonly Argument<string> _name = new("name") { Description = "The name of the limit." };
    private readonly Argument<int?>? _number;
    private readonly Option<string?>? _rate;
    private readonly ActionOptions _action = new();

    private readonly Option<string?> _app = new("--app")
    {
        Description = $"The app, by its queue. Default: AppQueue of the settings, or {DefaultQueue}.",
        HelpName = "queue",
    };

    public LimitActionCommand(CommandRunner runner, bool takesValues)
        : base(
            takesValues ? "set" : "reset",
            takesValues
                ? "Change how many jobs of a limit are executed at the same time, or its rate."
                : "Give a limit back to what its app declares.")
    {
        Add(_name);
        if (takesValues)
        {
            _number = new Argument<int?>("number")
            {
                Arity = ArgumentArity.ZeroOrOne,
                Description = $"How many, for each key of the limit: from 0, with which no job begins, to {JobLimits.MaxRunning}.",
            };
            _rate = new Option<string?>("--rate")
            {
                Description = "How many may begin in a window, for each key of the limit, such as 100/min, 5/s or 10/5min.",
                HelpName = "rate",
            };
            Add(_number);
            Add(_rate);
        }
        Add(_app);
        _action.AddTo(this);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var number = _number is null ? null : call.Get(_number);
        var rate = _rate is null || call.Get(_rate) is not { } text ? null
            : JobRate.TryParse(text, out var read) ? read
            : throw new UsageException($"--rate {text} {JobRate.FaultOf(text)}");
        if (_number is not null && number is null && rate is null)
            throw new UsageException("Neither a number nor --rate is given. Fix: give one of them, or both.");
        if (number is < 0 or > JobLimits.MaxRunning)
            throw new UsageException($"{number} is out of range. Fix: use a number from 0 to {JobLimits.MaxRunning}.");
        var request = new JobActionRequest
        {
            Kind = _number is null ? JobActionKind.ResetLimit : JobActionKind.ChangeLimit,
            Limit = new LimitReference { Queue = QueueOf(call), Name = call.Get(_name)! },
            MaxRunning = number,
            Rate = rate,
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
