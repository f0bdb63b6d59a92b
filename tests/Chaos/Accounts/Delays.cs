using Chaos.Faults;
using Chaos.Processes;

namespace Chaos.Accounts;

/// <summary>How long jobs waited for a worker, and how long recovery took after a fault.</summary>
internal sealed class Delays(Books books, IReadOnlyList<InjectedFault> faults)
{
    private readonly ILookup<string, Execution> _byJob = books.Executions.OrderBy(static execution => execution.Begun)
        .ToLookup(static execution => execution.JobId);
    private readonly List<Execution> _inOrder = [.. books.Executions.OrderBy(static execution => execution.Begun)];

    /// <returns>From when a job was due to when it was begun first. Exclusive jobs wait for each other, continuations for their
    /// parent, and a call with a key may answer with a job from before.</returns>
    public IEnumerable<(TimeSpan Delay, Request Request)> PickUps() =>
        from request in books.Requests
        where request.JobId is not null
            && request.Kind is not (JobKind.Exclusive or JobKind.Limited or JobKind.Continued or JobKind.Unique or JobKind.Idempotent)
        let first = _byJob[request.JobId!].FirstOrDefault()
        where first is not null
        select (first.Begun - request.Due, request);

    /// <returns>For each fault that has one, how long it took.</returns>
    public IEnumerable<(InjectedFault Fault, TimeSpan Time)> Recoveries() =>
        from fault in faults
        let time = fault.Kind.IsOfEnqueuer() ? null : fault.Kind.TakesRuns() ? UntilBegunElsewhere(fault) : UntilGoingOn(fault)
        where time is not null
        select (fault, time.Value);

    // Until the last job that the process had claimed was begun again.
    private TimeSpan? UntilBegunElsewhere(InjectedFault fault) =>
        (from mine in _inOrder
         where mine.Life == fault.Target && mine.Begun <= fault.From && (mine.Over is null || mine.Over > fault.From)
         let again = _byJob[mine.JobId].FirstOrDefault(other => other.Begun > fault.From)
         where again is not null
         select (TimeSpan?)(again.Begun - fault.From)).Max();

    // From its end until every app, or the process that it struck, begins jobs again.
    private TimeSpan? UntilGoingOn(InjectedFault fault) => fault.Target is { } life
        ? _inOrder.FirstOrDefault(execution => execution.Life == life && execution.Begun >= fault.To)?.Begun - fault.To
        : _inOrder.Where(execution => execution.Begun >= fault.To).DistinctBy(static execution => execution.App)
            .Max(execution => (TimeSpan?)(execution.Begun - fault.To));
}
