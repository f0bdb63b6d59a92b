using Hangfire;
using Npgsql;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>
/// A PostgreSQL database this storage may not or must not use: the error names what, where and the fix, and nothing is changed.
/// </summary>
public sealed class RefusedTests(FaultServer server) : IClassFixture<FaultServer>
{
    [Fact]
    public void RoleThatMayNotWrite_IsNamed()
    {
        var place = new PostgreSqlPlace(server);
        using (var owner = place.Open())
            new BackgroundJobClient(owner).Enqueue(() => Jobs.Run(place.Schema, 0));
        place.Execute($$"""CREATE ROLE reader LOGIN PASSWORD '{{Refusals.Password}}'; GRANT USAGE ON SCHEMA "{{place.Schema}}" TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA "{{place.Schema}}" TO reader""");
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "reader", Password = Refusals.Password };
        using var storage = new PostgreSqlJobStorage(settings.ToString(), new PostgreSqlJobStorageOptions { Schema = place.Schema });

        Assert.Contains(
            "permission denied", Refusals.Of(() => new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 1)), "permission"),
            StringComparison.Ordinal);
        Assert.Equal(1, storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    [Fact]
    public void MissingDatabase_IsNamed()
    {
        using var storage = new PostgreSqlJobStorage($"{server.ConnectionString};Database=nowhere;Password={Refusals.Password}");
        Assert.Contains("\"nowhere\" does not exist", Refusals.Of(() => storage.GetMonitoringApi(), "nowhere"), StringComparison.Ordinal);
    }

    [Fact]
    public void SchemaThatMustNotBeCreated_IsNamed()
    {
        var place = new PostgreSqlPlace(server);
        using var storage = place.Open(static options => options.CreateSchema = false);

        Assert.Contains("CreateSchema", Refusals.Of(() => storage.GetMonitoringApi(), place.Schema), StringComparison.Ordinal);
        Assert.Equal(0, place.Count($"pg_namespace WHERE nspname = '{place.Schema}'"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("1st")]
    [InlineData("a b")]
    [InlineData("a\"; DROP TABLE x; --")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    public void InvalidSchemaName_IsReportedWithTheFix(string schema)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new PostgreSqlJobStorage(
                $"{server.ConnectionString};Password={Refusals.Password}", new PostgreSqlJobStorageOptions { Schema = schema }));
        Assert.Contains("Fix:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Refusals.Password, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SchemaWithTheTablesOfAnotherStorage_IsLeftAlone()
    {
        var place = new PostgreSqlPlace(server);
        using (new Hangfire.PostgreSql.PostgreSqlStorage(
            new Hangfire.PostgreSql.Factories.NpgsqlConnectionFactory(
                server.ConnectionString, new Hangfire.PostgreSql.PostgreSqlStorageOptions { SchemaName = place.Schema }),
            new Hangfire.PostgreSql.PostgreSqlStorageOptions { SchemaName = place.Schema }) as IDisposable)
        {
        }
        var before = place.Count($"pg_tables WHERE schemaname = '{place.Schema}'");
        using var storage = place.Open();

        var error = Assert.Throws<NotSupportedException>(() => storage.GetMonitoringApi());

        Assert.Contains("Hangfire.PostgreSql", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix:", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, place.Count($"pg_tables WHERE schemaname = '{place.Schema}'"));
    }

    [Fact]
    public void TablesOfANewerPackage_AreUsedWhenCompatible_AndRefusedWhenNot()
    {
        var place = new PostgreSqlPlace(server);
        using (var first = place.Open())
            new BackgroundJobClient(first).Enqueue(() => Jobs.Run(place.Schema, 0));
        place.Execute("INSERT INTO {s}migration (number, oldest_compatible) VALUES (901, 1)");
        using (var compatible = place.Open())
            Assert.NotNull(new BackgroundJobClient(compatible).Enqueue(() => Jobs.Run(place.Schema, 1)));
        place.Execute("INSERT INTO {s}migration (number, oldest_compatible) VALUES (902, 902)");
        using var incompatible = place.Open();

        var error = Assert.Throws<NotSupportedException>(() => incompatible.GetMonitoringApi());

        Assert.Contains("902", error.Message, StringComparison.Ordinal);
        Assert.Contains("update the package", error.Message, StringComparison.Ordinal);
    }
}
