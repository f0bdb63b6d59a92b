using System.CommandLine;

namespace Asdamir.Data.CommandLine.Connections;

/// <summary>The options that say where the schema is. None of them takes a secret, which other users of the machine would see.</summary>
internal sealed class ConnectionOptions
{
    public Option<string[]> Settings { get; } = new("--settings")
    {
        Description = "A settings file of an app, with the section HangfireJobs; repeat it, and later files win. Environment variables "
            + "such as HangfireJobs__Storage__ConnectionString win over files. Default: appsettings.json of this folder.",
        HelpName = "file",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = static _ => [],
    };

    public Option<string?> Sqlite { get; } = new("--sqlite")
    {
        Description = "A SQLite file, instead of settings.",
        HelpName = "file",
        Recursive = true,
    };

    public void AddTo(Command command)
    {
        command.Add(Settings);
        command.Add(Sqlite);
    }

    /// <exception cref="UsageException">There are no settings, or they are wrong.</exception>
    public SchemaLocation Of(ParseResult parsed, ToolEnvironment environment)
    {
        var settings = parsed.GetValue(Settings) ?? [];
        if (parsed.GetValue(Sqlite) is not { } file)
            return SettingsFiles.Read(settings, environment);
        if (settings.Length > 0)
            throw new UsageException("--sqlite and --settings both say where the schema is. Fix: leave one of them out.");
        return SettingsFiles.OfSqlite(Path.GetFullPath(file, environment.Folder));
    }
}
