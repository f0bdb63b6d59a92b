namespace Chaos.Processes;

/// <summary>The task of a job.</summary>
/// <param name="Tag">Finds it again when the enqueue call got no answer.</param>
/// <param name="App">The app it belongs to.</param>
/// <param name="Kind">What kind of job it is.</param>
/// <param name="Milliseconds">How long it takes.</param>
/// <param name="Failures">How many attempts fail.</param>
/// <param name="Key">With which other jobs it shares a limit.</param>
public sealed record WorkOrder(string Tag, string App, JobKind Kind, int Milliseconds = 0, int Failures = 0, string? Key = null);

public enum JobKind
{
    Enqueued,
    Many,
    Delayed,
    Retried,
    Continued,
    Exclusive,
    Slow,
    Recurring,
    Stepped,

    /// <summary>Moves a cursor.</summary>
    Cursored,

    /// <summary>Ends in a transaction of its own, on PostgreSQL.</summary>
    Transacted,

    /// <summary>At most one at a time has its key; a later call may replace it until it begins.</summary>
    Unique,

    /// <summary>Is asked for again with its key, whatever the call before has answered.</summary>
    Idempotent,

    /// <summary>Two at a time, and one of each key.</summary>
    Limited,
}
