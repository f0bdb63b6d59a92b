using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>What one transaction does to one job.</summary>
internal sealed class JobWrite(long id)
{
    public long Id => id;

    /// <summary>The job itself, when this transaction creates it.</summary>
    public NewJob? New { get; set; }

    /// <summary>The version it must still have; <see langword="null"/> when the writer does not depend on it.</summary>
    public long? ExpectedVersion { get; set; }

    /// <summary>The value of <c>locked_until</c> it must still have, when the writer has locked the row.</summary>
    public long? ExpectedLock { get; set; }

    public bool IsChecked => ExpectedVersion is not null || ExpectedLock is not null;

    /// <summary>The increment of the version, by which writers that use an older row notice the change.</summary>
    public int Changes { get; private set; }

    /// <summary>The new current state.</summary>
    public StateWrite? State { get; private set; }

    /// <summary>New entries of the history, in their order; the current state is one of them.</summary>
    public List<StateWrite> History { get; } = [];

    public ExpiryChange Expiry { get; private set; }

    public long ExpireAt { get; private set; }

    public Dictionary<string, string?>? Parameters { get; private set; }

    /// <summary>Whether the parameters take the place of those there, which are broken.</summary>
    public bool ReplacesParameters { get; set; }

    /// <summary>Whether the retention stored with the job wins over the one of this transaction: it is not its worker's.</summary>
    public bool KeepsOwnRetention { get; set; }

    /// <summary>The version before the change, when the change takes the job from the worker that executes it.</summary>
    public long? RevokedVersion { get; set; }

    /// <summary>Whether its claim wrote Processing for an attempt that did not start: the history does not have it.</summary>
    public bool WasNotStarted { get; set; }

    /// <summary>The row that the writer knows, and on which it has decided.</summary>
    public JobRow? Row { get; set; }

    /// <summary>What becomes of the history, see <see cref="JobHistory"/>.</summary>
    public HistoryChange HistoryChange =>
        History.Count == 0 ? HistoryChange.None
        : IsTold ? HistoryChange.Told
        : State is null ? HistoryChange.Noted
        : HistoryChange.Recorded;

    /// <summary>Whether the entries that the row tells go into the table.</summary>
    public bool RecordsFormer => New is null && HistoryChange is HistoryChange.Noted or HistoryChange.Recorded;

    /// <summary>Whether the attempt that the row tells does not go there: it has not ended, or it has not started.</summary>
    public bool LeavesAttemptOut => State is null || WasNotStarted;

    /// <summary>What is written into the table.</summary>
    public IEnumerable<StateWrite> Entries => IsTold ? [] : History;

    /// <summary>
    /// The keys that it takes: those of a new job, and the unique one of a job that had ended. A job that is created as ended needs no
    /// unique one.
    /// </summary>
    public IReadOnlyList<JobKey> TakenKeys =>
        State is not { } state ? []
        : New is { Keys.Count: 0 } ? []
        : New is not null
            ? (JobStates.IsActive(state.Name) ? New.Keys : [.. New.Keys.Where(static key => key.ExpireAt is not null)])
        : JobStates.IsActive(state.Name)
            && Row is { } row
            && !JobStates.IsActive(row.State)
            && JobKey.UniqueOf(row.Parameters) is { } unique
            ? [unique]
        : [];

    /// <summary>Whether it ends, and may have a unique key: a writer that does not know the row does not know that.</summary>
    public bool ReleasesKey =>
        New is null
            && State is { } state
            && !JobStates.IsActive(state.Name)
            && (Row is null || JobKey.UniqueOf(Row.Parameters) is not null);

    /// <summary>
    /// What the new state is for a workflow; <see langword="null"/> when it cannot change one. A writer that does not know the row does not
    /// know whether the job belongs to any.
    /// </summary>
    public long? WorkflowOutcome =>
        New is null && State is { } next && MayChangeWorkflow(next.Name) ? JobStates.OutcomeOf(next.Name) : null;

    /// <summary>Whether the row of the job must be touched.</summary>
    public bool ChangesRow => History.Count > 0 || Expiry != ExpiryChange.None || Parameters is not null || IsChecked;

    private bool MayChangeWorkflow(string next) =>
        next != JobStates.Awaiting
        && (Row is not { HasBrokenParameters: false } row
            || (row.Parameters.ContainsKey(JobWorkflows.Parameter)
                && (row.State == JobStates.Awaiting || JobStates.OutcomeOf(row.State) != JobStates.OutcomeOf(next))));

    // Only where the writer knows the row, and the commit finds it unchanged.
    private bool IsTold => History is [var only] && ReferenceEquals(only, State) && (only, New, Row) switch
    {
        ({ Name: "Enqueued", Reason: null }, not null, _) => true,
        (_, not null, _) or (_, _, null) or ({ Name: "Enqueued" }, _, _) => false,
        ({ Name: "Processing" }, _, var row) => only.Reason is null && row.StartedAt is null,
        (_, _, var row) => row is { State: "Processing", StartedAt: not null } && !WasNotStarted,
    };

    /// <summary>When the attempt began that the row tells afterwards.</summary>
    public long? StartedAtAfter(JobRow row) => HistoryChange switch
    {
        HistoryChange.None => row.StartedAt,
        HistoryChange.Told => State!.Name == "Processing" ? State.At : row.StartedAt,
        HistoryChange.Noted when row.State == "Processing" => row.StartedAt,
        _ => null,
    };

    public void Enter(StateWrite state)
    {
        State = state;
        History.Add(state);
        Changes++;
    }

    /// <summary>Adds a later change of the job, which is written together with this one.</summary>
    public void Continue(JobWrite later)
    {
        New ??= later.New;
        Changes += later.Changes;
        State = later.State ?? State;
        RevokedVersion = later.RevokedVersion ?? RevokedVersion;
        Row ??= later.Row;
        History.AddRange(later.History);
        if (later.Expiry != ExpiryChange.None)
        {
            Expiry = later.Expiry;
            ExpireAt = later.ExpireAt;
        }
        foreach (var (name, value) in later.Parameters ?? [])
            (Parameters ??= [])[name] = value;
    }

    /// <summary>Takes the new state back: the row has it. What Hangfire sets together with it goes, too.</summary>
    public void Leave(StateWrite state)
    {
        State = null;
        History.Remove(state);
        Changes--;
        Expiry = ExpiryChange.None;
    }

    /// <summary>The new job in another state than it was created with.</summary>
    public JobWrite InState(StateWrite state, long expireAt)
    {
        var copy = new JobWrite(Id) { New = New };
        foreach (var (name, value) in Parameters ?? [])
            copy.Set(name, value);
        copy.Enter(state);
        copy.Expire(expireAt);
        return copy;
    }

    /// <summary>The same with another value of a parameter that it sets.</summary>
    public JobWrite With(string name, string? value)
    {
        var copy = (JobWrite)MemberwiseClone();
        copy.Parameters = new Dictionary<string, string?>(Parameters!) { [name] = value };
        return copy;
    }

    public void Note(StateWrite state) => History.Add(state);

    public void Expire(long at)
    {
        Expiry = ExpiryChange.At;
        ExpireAt = at;
    }

    public void Persist()
    {
        Expiry = ExpiryChange.Never;
        ExpireAt = 0;
    }

    public void Set(string name, string? value)
    {
        (Parameters ??= [])[name] = value;
        Changes++;
    }
}

internal enum ExpiryChange
{
    None,
    At,
    Never,
}

/// <summary>How a transaction changes the history of a job.</summary>
internal enum HistoryChange
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The row tells the new state.</summary>
    Told,

    /// <summary>Everything goes into the table.</summary>
    Recorded,

    /// <summary>Entries are added, and the state stays.</summary>
    Noted,
}

/// <summary>A state as it is written.</summary>
internal sealed record StateWrite(string Name, string? Reason, long At, string Data);
