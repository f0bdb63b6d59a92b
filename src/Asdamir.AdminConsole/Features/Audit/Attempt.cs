using Asdamir.AdminConsole.Access;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>Something that was refused.</summary>
/// <param name="Company">The company it concerns; <see langword="null"/> for none.</param>
/// <param name="Actor">Who tried; with a sign-in, the name that was typed.</param>
/// <param name="Role">The role of the actor in the company.</param>
internal sealed record Attempt(
    string Phase, string Action, string? Company, string? Actor, Role Role, string? Target, string Why, string? Address, string? TraceId,
    string? Subject);
