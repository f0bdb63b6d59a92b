using Asdamir.AdminConsole.Access;
namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>A line of the audit.</summary>
/// <param name="Phase">
/// <c>Intended</c> before an action, <c>Named</c> before the next jobs of a filter, <c>Completed</c> after it, <c>Denied</c> when it was
/// refused, <c>Event</c> for anything else.
/// </param>
/// <param name="At">When, UTC.</param>
/// <param name="Subject">The actor's issuer and subject at the OpenID Connect provider, which stay when the name changes.</param>
internal sealed record AuditEntry(
    long Id, DateTime At, string Phase, string Action, string? ActionId, string? Company, string? Actor, string? Role, string? Target,
    string? Reason,
    long? Done, long? Skipped, long? Failed, string? Remarks, string? Address, string? TraceId, string? Subject);
