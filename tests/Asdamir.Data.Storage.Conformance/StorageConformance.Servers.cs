using System.Diagnostics;
using Hangfire.Server;
using Hangfire.Storage;
using Features = Hangfire.Storage.JobStorageFeatures;

namespace Asdamir.Data.Storage.Conformance;

public abstract partial class StorageConformance
{
    [Fact]
    public void AnnounceServer_ShowsTheServer()
    {
        UseEmptyStorage();
        Assert.Empty(Monitoring.Servers());

        Connection.AnnounceServer("crm:1", new ServerContext { Queues = ["crm", "default"], WorkerCount = 7 });
        Connection.AnnounceServer("hr:1", new ServerContext { Queues = ["hr"], WorkerCount = 1 });

        var servers = Monitoring.Servers();
        Assert.Equal(["crm:1", "hr:1"], servers.Select(server => server.Name).Order());
        var crm = servers.Single(server => server.Name == "crm:1");
        Assert.Equal(["crm", "default"], crm.Queues);
        Assert.Equal(7, crm.WorkersCount);
        AssertNow(crm.StartedAt);
        AssertNow(crm.Heartbeat);
        Assert.Equal(2, Monitoring.GetStatistics().Servers);
    }

    [Fact]
    public void AnnounceServer_ShowsItOnce_WhenAnnouncedTwice()
    {
        UseEmptyStorage();

        Connection.AnnounceServer("crm:1", new ServerContext { Queues = ["crm"], WorkerCount = 7 });
        Connection.AnnounceServer("crm:1", new ServerContext { Queues = ["crm"], WorkerCount = 7 });

        Assert.Equal(7, Assert.Single(Monitoring.Servers()).WorkersCount);
    }

    [Fact]
    public async Task Heartbeat_IsShown()
    {
        UseEmptyStorage();
        Connection.AnnounceServer("crm:1", new ServerContext { Queues = ["crm"], WorkerCount = 7 });
        var before = Monitoring.Servers().Single().Heartbeat;

        await Until.TrueAsync(
            () =>
            {
                Connection.Heartbeat("crm:1");
                return Monitoring.Servers().Single().Heartbeat > before;
            },
            "the heartbeat is later than before");
    }

    [Fact]
    public void Heartbeat_Throws_WhenTheServerIsGone()
    {
        Connection.AnnounceServer(Key, new ServerContext { Queues = ["crm"], WorkerCount = 7 });
        Connection.Heartbeat(Key);
        Connection.RemoveServer(Key);

        Assert.Throws<BackgroundServerGoneException>(() => Connection.Heartbeat(Key));
        Assert.DoesNotContain(Monitoring.Servers(), server => server.Name == Key);
    }

    [Fact]
    public void RemoveServer_DoesNothing_WhenUnknown() => Connection.RemoveServer(Key);

    [Fact]
    public async Task RemoveTimedOutServers_RemovesThoseWithoutHeartbeat()
    {
        Stopwatch silence;
        int removed;
        do
        {
            UseEmptyStorage();
            Connection.AnnounceServer("dead:1", new ServerContext { Queues = ["crm"], WorkerCount = 1 });
            Connection.AnnounceServer("dead:2", new ServerContext { Queues = ["crm"], WorkerCount = 1 });
            Connection.AnnounceServer("alive", new ServerContext { Queues = ["crm"], WorkerCount = 1 });
            Assert.Equal(0, Connection.RemoveTimedOutServers(Hour));
            var lastSign = Monitoring.Servers().Max(server => server.Heartbeat!.Value);

            await Until.TrueAsync(
                () =>
                {
                    Connection.Heartbeat("alive");
                    return Monitoring.Servers().Single(server => server.Name == "alive").Heartbeat > lastSign.AddSeconds(1.5);
                },
                "1.5 s have passed");
            silence = Stopwatch.StartNew();
            Connection.Heartbeat("alive");
            removed = Connection.RemoveTimedOutServers(TimeSpan.FromSeconds(1.2));
        }
        // Then the one that lives has been silent for too long itself.
        while (silence.Elapsed > TimeSpan.FromSeconds(1));

        Assert.Equal(2, removed);
        Assert.Equal("alive", Assert.Single(Monitoring.Servers()).Name);
    }

    [Fact]
    public void RemoveTimedOutServers_Refuses_WhenTheTimeoutIsNegative()
    {
        Assert.ThrowsAny<ArgumentException>(() => Connection.RemoveTimedOutServers(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void GetUtcDateTime_IsNow()
    {
        if (Lacks(Features.Connection.GetUtcDateTime, () => Connection.GetUtcDateTime()))
            return;
        var first = Connection.GetUtcDateTime();

        AssertNow(first);
        Assert.Equal(DateTimeKind.Utc, first.Kind);
        Assert.True(Connection.GetUtcDateTime() >= first);
    }
}
