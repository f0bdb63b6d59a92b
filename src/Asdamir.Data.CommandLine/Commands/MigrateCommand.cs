using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Creates and updates the tables, as a step of a deployment.</summary>
internal sealed class MigrateCommand : Command
{
    private readonly Option<bool> _check = new("--check")
    {
        Description = "Change nothing; the exit code is 1 when the tables have to be created or updated.",
    };

    public MigrateCommand(CommandRunner runner)
        : base("migrate", "Create the tables, or update them to the version of this tool.")
    {
        Add(_check);
        runner.Handle(this, (call, cancellationToken) => Task.FromResult(Execute(call, cancellationToken)));
    }

    private int Execute(CommandCall call, CancellationToken cancellationToken)
    {
        var before = IsUpToDate(call, out var storage);
        cancellationToken.ThrowIfCancellationRequested();
        var now = before;
        if (!before && !call.Get(_check))
        {
            using var migrating = call.Location.Open(migrates: true);
            using var connection = migrating.GetConnection();
            now = true;
        }
        if (call.IsJson)
            call.WriteJson(new MigrationDocument(storage, before, now), ToolJson.Default.MigrationDocument);
        else
        {
            var text = before ? "The tables are up to date" : now ? "The tables were migrated" : "The tables have to be migrated";
            call.Terminal.WriteLine($"{text}: {call.Terminal.Safe(storage)}.");
        }
        return now ? ExitCode.Done : ExitCode.Refused;
    }

    private static bool IsUpToDate(CommandCall call, out string description)
    {
        using var storage = call.Location.Open(migrates: false);
        description = $"{storage}";
        try
        {
            using var connection = storage.GetConnection();
            return true;
        }
        catch (JobStorageUnavailableException exception) when (exception.Fault is JobStorageFault.TablesMissing
            or JobStorageFault.TablesOutdated
            || (exception.Fault == JobStorageFault.DatabaseMissing && storage is SqliteJobStorage))
        {
            return false;
        }
    }
}
