using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Hostile;

/// <summary>
/// Another app of the schema, with the rights to write and no good intentions. Its jobs start a shell that leaves a file.
/// </summary>
internal sealed class Intruder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _assembly = $"Intruder{Guid.NewGuid():N}";
    private readonly SqlJobStorage _storage;
    private int _resolved;

    public Intruder(StorageKind kind, string connectionString, string schema)
    {
        _storage = kind == StorageKind.Sqlite
            ? new SqliteJobStorage(connectionString)
            : new PostgreSqlJobStorage(connectionString, new PostgreSqlJobStorageOptions { Schema = schema });
        AppDomain.CurrentDomain.AssemblyResolve += Resolving;
    }

    public JobStorage Storage => _storage;

    public BackgroundJobClient Client => new(_storage);

    /// <summary>An assembly that does not exist: who resolves a type of it, asks for it.</summary>
    public string TypeName => $"Intruder.Trap, {_assembly}";

    public bool WasExecuted => File.Exists(Marker);

    /// <summary>Whether this process tried to resolve a type that only a row names.</summary>
    public bool WasResolved => Volatile.Read(ref _resolved) > 0;

    private string Marker => Path.Combine(_folder.Path, "executed");

    public Job Shell(string? queue)
    {
        var arguments = $"-c \"touch '{Marker}'\"";
        return Job.FromExpression(() => Process.Start("/bin/sh", arguments), queue);
    }

    public string Create(Job job, IState state) => Client.Create(job, state);

    /// <summary>Lets a row name a type of the missing assembly.</summary>
    public async Task SetTypeAsync(StoredTables tables, string id, string? typeName = null)
    {
        var (job, invocation) = (tables.Name("job"), tables.Name("invocation"));
        var number = long.Parse(id, CultureInfo.InvariantCulture);
        await tables.ExecuteAsync(
            $"""
            INSERT INTO {invocation} (id, type, method, parameter_types)
            SELECT -j.id, @type, i.method, i.parameter_types
            FROM {job} AS j JOIN {invocation} AS i ON i.id = j.invocation_id
            WHERE j.id = @id
            ON CONFLICT (id) DO UPDATE SET type = excluded.type
            """,
            ("@type", typeName ?? TypeName), ("@id", number));
        await tables.ExecuteAsync($"UPDATE {job} SET invocation_id = -id WHERE id = @id", ("@id", number));
    }

    public void AddRecurring(string storedId, string? queue, string? typeName = null)
    {
        var stored = InvocationData.SerializeJob(Shell(queue));
        new RecurringJobManager(_storage).AddOrUpdate(storedId, Shell(queue), "* * * * * *");
        if (typeName is null)
            return;
        using var connection = _storage.GetConnection();
        connection.SetRangeInHash($"recurring-job:{storedId}", new Dictionary<string, string>
        {
            ["Job"] = new InvocationData(typeName, stored.Method, stored.ParameterTypes, stored.Arguments, queue).SerializePayload(),
        });
    }

    public StateData StateOf(string id)
    {
        using var connection = _storage.GetConnection();
        return connection.GetStateData(id);
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.AssemblyResolve -= Resolving;
        _storage.Dispose();
        _folder.Dispose();
    }

    private System.Reflection.Assembly? Resolving(object? sender, ResolveEventArgs args)
    {
        if (args.Name.StartsWith(_assembly, StringComparison.Ordinal))
            Interlocked.Increment(ref _resolved);
        return null;
    }
}
