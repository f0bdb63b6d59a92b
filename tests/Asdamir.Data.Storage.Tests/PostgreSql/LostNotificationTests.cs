using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using TestServers;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>A process that ends after a commit, and before it has told of it.</summary>
public sealed class LostNotificationTests() : OwnStorageTests(static place => new PostgreSqlJobStorage(place.PostgreSql, Options(place)))
{
    [Fact]
    public async Task FetchNextJob_FindsARunThatNobodyWasToldOf_WhenItPolls()
    {
        var runId = Client.Create(() => Console.WriteLine("x"), new EnqueuedState("elsewhere"));
        using var worker = OpenAnother();
        using var connection = (JobStorageConnection)worker.GetConnection();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var fetching = Task.Factory.StartNew(
            () => connection.FetchNextJob(["app"], limit.Token), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var database = new PostgreSqlDatabase(Place.PostgreSql, Options(Place));
        // Whoever begins to listen looks once by himself.
        await Until.TrueAsync(() => IsListening(database), "the worker listens");
        await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        Assert.False(fetching.IsCompleted);

        using (var session = database.Write())
            Assert.Equal(1, session.Execute("UPDATE {s}queue SET queue = 'app'"));

        using var fetched = await fetching;
        Assert.Equal(runId, fetched.JobId);
    }

    private static bool IsListening(PostgreSqlDatabase database)
    {
        using var session = database.Read();
        return session.Number($"SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN {database.ChannelOf("app")}'") > 0;
    }

    private static PostgreSqlJobStorageOptions Options(Place place) => new() { Schema = place.Schema, PollInterval = TimeSpan.FromSeconds(2) };
}
