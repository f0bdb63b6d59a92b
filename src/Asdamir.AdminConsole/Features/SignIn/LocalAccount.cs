namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>An account of the console itself.</summary>
/// <param name="Grants">What it may do, as in <c>operator:acme</c>.</param>
/// <param name="Stamp">Changes with the password.</param>
internal sealed record LocalAccount(string Name, IReadOnlyList<string> Grants, string Stamp);
