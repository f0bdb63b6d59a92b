namespace Asdamir.AdminConsole.Shell;

/// <summary>A link in the user menu, registered by the feature it leads to.</summary>
public sealed record UserMenuLink(string Address, string Text);
