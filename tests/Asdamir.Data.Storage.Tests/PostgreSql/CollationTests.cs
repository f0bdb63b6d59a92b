using Asdamir.Data.Storage.Conformance;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>A database may sort as its language does; what Hangfire reads is in the order of the characters all the same.</summary>
[NeedsPostgreSql]
public sealed class CollationTests
{
    private static readonly string[] Names = ["", "B", "C", "I", "a", "b", "i", "\u00c7", "\u0130", "\u0131"];

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("en-US")]
    public async Task Storage_SortsByCharacters_InADatabaseOfALanguage(string locale)
    {
        var server = await TestContext.Current.GetFixture<StorageServer>()
            ?? throw new InvalidOperationException("xunit did not create the fixture.");
        var place = server.NewPlace(locale);
        using var storage = new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema });
        using var connection = (JobStorageConnection)storage.GetConnection();
        using (var transaction = (JobStorageTransaction)connection.CreateWriteTransaction())
        {
            foreach (var name in Names.Reverse())
            {
                connection.AnnounceServer(name, new ServerContext { Queues = ["default"] });
                transaction.AddToSet("set", name);
                transaction.AddToQueue(
                    "queue" + name,
                    connection.CreateExpiredJob(
                        SampleJobs.Text("x"), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1)));
            }
            transaction.Commit();
        }

        var monitoring = storage.GetMonitoringApi();
        Assert.Equal(Names, connection.GetRangeFromSet("set", 0, Names.Length));
        Assert.Equal(Names, monitoring.Servers().Select(static announced => announced.Name));
        Assert.Equal(Names.Select(static name => "queue" + name), monitoring.Queues().Select(static queue => queue.Name));
    }
}
