using System.Globalization;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>Which lines of the audit are asked for.</summary>
/// <param name="Before">The id of the last line of the page before; <see langword="null"/> for the first page.</param>
internal sealed record AuditFilter(string? Actor, string? Action, DateTime? From, DateTime? To, long? Before)
{
    public static AuditFilter Of(IQueryCollection query) => new(
        Text(query["actor"]), Text(query["action"]), Time(query["from"]), Time(query["to"]),
        long.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null);

    public bool IsEmpty => this is { Actor: null, Action: null, From: null, To: null };

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateTime? Time(string? text) =>
        DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
