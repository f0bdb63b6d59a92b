using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Sql;

[NeedsPostgreSql]
public sealed class UpgradeOnPostgreSql() : UpgradeTests(static place => OnPostgreSql(place))
{
    protected override string Removal => $"DROP SCHEMA \"{Place.Schema}\" CASCADE";
}

public sealed class UpgradeOnSqlite() : UpgradeTests(static place => OnSqlite(place))
{
    protected override string Removal => Place.File;
}

/// <summary>Tables that an older package has created, with jobs in them.</summary>
public abstract class UpgradeTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    protected abstract string Removal { get; }

    [Fact]
    public void TablesOfABuildBeforeTheFirstRelease_AreRefused_AndStayAsTheyAre()
    {
        Client.Create(() => Console.WriteLine("x"), new EnqueuedState("app"));
        Rows.Execute("DELETE FROM {s}migration WHERE number > (SELECT min(number) FROM {s}migration)");
        Rows.Execute("UPDATE {s}migration SET number = 4, oldest_compatible = 1");
        using var storage = OpenAnother();

        var refusal = Assert.Throws<NotSupportedException>(() => storage.Queues());

        Assert.Contains("at version 4, of a build before the first release", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Removal, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("keep the package that created it", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (Rows.Count("{s}migration WHERE number = 4"), Rows.Count("{s}job")));
    }
}
