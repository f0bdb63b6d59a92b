namespace Chaos.Faults;

/// <summary>What is done to the company. Earlier ones explain more than later ones.</summary>
internal enum FaultKind
{
    KillWorker,
    TerminateWorker,
    MoveTimeZone,
    PauseLong,
    Partition,
    KillEnqueuer,
    TerminateEnqueuer,
    KillServer,
    StopServer,
    FailOver,
    LoseAnswers,
    HangAnswer,
    CutConnections,
    FillDisk,
    PauseShort,
    DelayConnections,
}

internal static class FaultKinds
{
    public static string Text(this FaultKind kind) => kind switch
    {
        FaultKind.KillWorker => "kill -9 of a worker",
        FaultKind.TerminateWorker => "SIGTERM of a worker",
        FaultKind.MoveTimeZone => "restart of a worker in another time zone, or without any",
        FaultKind.PauseLong => "SIGSTOP of a worker for longer than its lease",
        FaultKind.Partition => "a worker cut off for longer than its lease",
        FaultKind.KillEnqueuer => "kill -9 of an enqueuer",
        FaultKind.TerminateEnqueuer => "SIGTERM of an enqueuer",
        FaultKind.KillServer => "kill -9 of PostgreSQL",
        FaultKind.StopServer => "immediate stop of PostgreSQL",
        FaultKind.FailOver => "kill -9 of PostgreSQL, whose standby becomes the primary",
        FaultKind.LoseAnswers => "requests and answers lost (committed, but nobody is told)",
        FaultKind.HangAnswer => "an answer that never comes",
        FaultKind.CutConnections => "connections cut",
        FaultKind.FillDisk => "disk full",
        FaultKind.PauseShort => "SIGSTOP, shorter than the lease",
        _ => "connections slow",
    };

    /// <summary>Whether the jobs of the process that it strikes are executed elsewhere.</summary>
    public static bool TakesRuns(this FaultKind kind) => kind <= FaultKind.Partition;

    /// <summary>Whether it undoes what was committed without a flush: the latest claims, whose processes live on.</summary>
    public static bool UndoesClaims(this FaultKind kind) => kind is FaultKind.KillServer or FaultKind.StopServer or FaultKind.FailOver;

    /// <summary>Whether it strikes processes that only enqueue.</summary>
    public static bool IsOfEnqueuer(this FaultKind kind) => kind is FaultKind.KillEnqueuer or FaultKind.TerminateEnqueuer;

    /// <summary>Whether it lasts longer than a lease.</summary>
    public static bool TakesLong(this FaultKind kind) => kind is FaultKind.PauseLong or FaultKind.Partition or FaultKind.HangAnswer;
}
