using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Shell;

/// <summary>A kind of action as its feature words it, in the language of the page.</summary>
public abstract record ConsoleAction
{
    public required JobActionKind Kind { get; init; }

    public required Func<string> Name { get; init; }

    /// <summary>Says that it was done, so many times.</summary>
    public required Func<string, string> Done { get; init; }

    /// <summary>Its value in forms.</summary>
    public string Verb => Kind.ToString().ToLowerInvariant();
}
