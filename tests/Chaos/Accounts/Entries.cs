using Chaos.Processes;

namespace Chaos.Accounts;

/// <summary>An enqueue call.</summary>
internal sealed class Request(string tag, JobKind kind, string? parent, string? key, Life life, DateTime asked)
{
    public string Tag => tag;

    public JobKind Kind => kind;

    /// <summary>The job that it waits for.</summary>
    public string? Parent => parent;

    /// <summary>Its unique key, or the key of the call.</summary>
    public string? Key => key;

    public Life Life => life;

    public DateTime Asked => asked;

    /// <summary>What the call returned; <see langword="null"/> when it failed or its process was killed.</summary>
    public string? JobId { get; set; }

    public DateTime Due { get; set; }

    /// <summary>The answer instead of an id: refused, unknown, absent, or error with its type.</summary>
    public string? Refusal { get; set; }
}

/// <summary>The value of a cursor that an attempt began with, or that it has stored.</summary>
internal sealed record CursorNote(string JobId, DateTime At, int Value, bool IsSaved);

/// <summary>A job that was begun.</summary>
internal sealed class Execution(string jobId, int attempt, string app, JobKind kind, string tag, int failures, Life life, DateTime begun)
{
    public string JobId => jobId;

    public int Attempt => attempt;

    /// <summary>The app whose job it is.</summary>
    public string App => app;

    public JobKind Kind => kind;

    public string Tag => tag;

    /// <summary>How many attempts must fail.</summary>
    public int Failures => failures;

    public Life Life => life;

    public DateTime Begun => begun;

    /// <summary>When it ended, if its process recorded that.</summary>
    public DateTime? Over { get; set; }

    /// <summary><c>ended</c>, <c>failed</c>, <c>cancelled</c>, or nothing.</summary>
    public string? Outcome { get; set; }

    public bool IsDone => Outcome == "ended";

    /// <summary>The time after which it did nothing for certain.</summary>
    public DateTime End => Over ?? Life.Ended ?? DateTime.MaxValue;
}
