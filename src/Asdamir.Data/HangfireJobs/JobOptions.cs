namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// When a job starts, before which others, and whether it is created. Without any of these options it starts as soon as a worker is free.
/// </summary>
/// <remarks>
/// At most one of <see cref="RunAt"/>, <see cref="Delay"/> and <see cref="After"/> may be set; otherwise the call throws an
/// <see cref="ArgumentException"/> that names both.
/// </remarks>
public sealed record JobOptions
{
    /// <summary>
    /// The time at which the job becomes due, up to the year 9998. A time in the past, also <see langword="default"/>, makes it due now.
    /// The default value is <see langword="null"/>: no time.
    /// </summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>
    /// How long after the call the job becomes due, up to the year 9998. Zero or less makes it due now. The default value is
    /// <see langword="null"/>: no delay.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>
    /// The id of a job of this app that must end first. The default value is <see langword="null"/>: the job waits for none.
    /// </summary>
    public string? After { get; init; }

    /// <summary>
    /// Which end of <see cref="After"/> starts the job; only together with <see cref="After"/>. The default value is
    /// <see langword="null"/>: <see cref="ContinueOn.Success"/>.
    /// </summary>
    public ContinueOn? Condition { get; init; }

    /// <summary>
    /// From 0 to 9: a worker that is free takes the waiting job with the lowest number, and of equal ones the oldest. A job that waits
    /// gains one class after each <see cref="HangfireJobsOptions.PriorityAging"/>, so that none starves. The job keeps its priority when it
    /// is retried or requeued. The default value is <see langword="null"/>: as <see cref="PriorityAttribute">[Priority]</see> on the job
    /// type says, or 5.
    /// </summary>
    public int? Priority { get; init; }

    /// <summary>
    /// Among jobs of equal priority the keys of a queue take turns, such as the tenants of an app: however many jobs of one key wait, the
    /// first one of another key waits for few of them. A job without a key waits in the order of arrival. The job keeps its key when it is
    /// retried or requeued. Up to <see cref="Storage.JobKeys.MaxLength"/> characters, which are compared as they are. The default value is
    /// <see langword="null"/>: as <see cref="FairnessKeyAttribute">[FairnessKey]</see> on a property of the arguments says.
    /// </summary>
    public string? FairnessKey { get; init; }

    /// <summary>
    /// At most one job of the job type with this key waits, is scheduled or executes in the app. When there is one, the call returns
    /// its id, and <see cref="WhenTaken"/> decides what becomes of it. The key is free again in the commit in which the job succeeds,
    /// fails for good or is deleted. Up to <see cref="Storage.JobKeys.MaxLength"/> characters, which are compared as they are. The default
    /// value is <see langword="null"/>: as <see cref="UniqueAttribute">[Unique]</see> on the job type says.
    /// </summary>
    public string? UniqueKey { get; init; }

    /// <summary>
    /// What becomes of the call when another job has the unique key; only with <see cref="UniqueKey"/> or a
    /// <see cref="UniqueAttribute">[Unique]</see> job type. The default value is <see langword="null"/>: as the attribute says, otherwise
    /// <see cref="WhenTaken.Skip"/>.
    /// </summary>
    public WhenTaken? WhenTaken { get; init; }

    /// <summary>
    /// Names this call: when it is repeated with the same key, for the same job type, it returns the id of the first job and stores
    /// nothing, also when that job has ended or is gone. So a call that failed without an answer can be repeated. In a call for several
    /// jobs, the key names all of them by their order. Up to <see cref="Storage.JobKeys.MaxLength"/> characters, which are compared as they
    /// are. The default value is <see langword="null"/>: each call is another one.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// How long <see cref="IdempotencyKey"/> is known, from the creation of the job; only together with it, up to 3650 days. The default
    /// value is <see langword="null"/>: 7 days.
    /// </summary>
    public TimeSpan? IdempotentFor { get; init; }
}
