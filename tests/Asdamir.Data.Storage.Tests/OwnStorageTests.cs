using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asdamir.Data.Storage.Tests;

/// <summary>What our storages can beyond the contract of Hangfire; each test has empty tables.</summary>
public abstract class OwnStorageTests(Func<Place, SqlJobStorage> open) : IAsyncLifetime
{
    private protected SqlJobStorage Storage { get; private set; } = null!;

    private protected Place Place { get; private set; } = null!;

    /// <summary>The tables, past the storage.</summary>
    private protected Tables Rows => Storage is PostgreSqlJobStorage
        ? new Tables(() => new NpgsqlConnection(Place.PostgreSql), $"\"{Place.Schema}\".")
        : new Tables(() => new SqliteConnection($"Data Source={Place.File}"), "");

    // Without filters: Hangfire's would retry what is created as failed.
    private protected BackgroundJobClient Client => new(Storage, NoFilters);

    private protected static JobFilterCollection NoFilters { get; } = [];

    public async ValueTask InitializeAsync()
    {
        var server = await TestContext.Current.GetFixture<StorageServer>()
            ?? throw new InvalidOperationException("xunit did not create the fixture.");
        Place = server.NewPlace();
        Storage = open(Place);
    }

    /// <summary>The same tables, as another process sees them.</summary>
    private protected SqlJobStorage OpenAnother() => open(Place);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Storage.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected static SqlJobStorage OnPostgreSql(Place place, JobRetention? retention = null) =>
        new PostgreSqlJobStorage(
            place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, Retention = retention ?? new JobRetention() });

    private protected static SqlJobStorage OnSqlite(Place place, JobRetention? retention = null) =>
        new SqliteJobStorage($"Data Source={place.File}", new SqliteJobStorageOptions { Retention = retention ?? new JobRetention() });

    /// <summary>Moves a job as its worker would: fetched, processed, ended.</summary>
    private protected void Work(string queue, IState end)
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection, queue);
        var changer = new BackgroundJobStateChanger(NoFilters);
        changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, WorkerState.Processing));
        changer.ChangeState(new StateChangeContext(Storage, connection, fetched.JobId, end));
        fetched.RemoveFromQueue();
    }

    private protected static IFetchedJob Fetch(JobStorageConnection connection, string queue = "default")
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        return connection.FetchNextJob([queue], limit.Token);
    }
}
