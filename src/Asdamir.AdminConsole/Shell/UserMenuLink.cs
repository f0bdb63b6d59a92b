namespace Asdamir.AdminConsole.Shell;

/// <summary>A link in the user menu, registered by the feature it leads to.</summary>
/// <param name="Address">Where it leads.</param>
/// <param name="Text">Reads its text in the language of the request.</param>
public sealed record UserMenuLink(string Address, Func<string> Text);
