namespace Asdamir.AdminConsole.Shell;

/// <summary>What a page shows, for the title of the browser's tab.</summary>
internal static class TabTitle
{
    /// <param name="parts">What is shown, then what it is narrowed by; <see langword="null"/> parts are left out.</param>
    public static string Of(params IEnumerable<string?> parts) => string.Join(" · ", parts.Where(static part => part is not null));
}
