using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>A part of a page that follows what happens. Pages that show the same one share its pictures.</summary>
/// <param name="Key">The same for the same picture.</param>
/// <param name="Company">The code of the company whose storage it reads.</param>
/// <param name="Component">What draws it, with nothing in it that depends on who looks.</param>
/// <param name="Interval">How often a new picture is taken.</param>
internal sealed record LiveFragment(string Key, string Company, Type Component, Dictionary<string, object?> Parameters, TimeSpan Interval);
