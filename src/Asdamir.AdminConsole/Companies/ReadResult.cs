using System.Diagnostics.CodeAnalysis;

namespace Asdamir.AdminConsole.Companies;

/// <summary>A part of a page: what was read, or what went wrong.</summary>
internal sealed record ReadResult<T>(T? Value, Problem? Problem)
{
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsThere => Problem is null;
}

/// <summary>What went wrong, for a page. The cause is in the log, under the trace id; it may hold what pages must not show.</summary>
/// <param name="Title">What went wrong, as far as a page may say.</param>
/// <param name="TraceId">The trace of the log.</param>
/// <param name="Since">Since when every read has failed.</param>
public sealed record Problem(string Title, string TraceId, DateTimeOffset? Since = null);
