namespace Asdamir.Data.CommandLine;

/// <summary>What the exit code of the tool says; documented in docs/command-line.md.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>There are findings, or an action was refused, at least for one job.</summary>
    public const int Refused = 1;

    /// <summary>The command or the settings are wrong.</summary>
    public const int Usage = 2;

    /// <summary>The storage cannot be used, or the audit does not accept the action.</summary>
    public const int Unavailable = 3;

    /// <summary>Ctrl+C, as shells say it.</summary>
    public const int Interrupted = 130;
}
