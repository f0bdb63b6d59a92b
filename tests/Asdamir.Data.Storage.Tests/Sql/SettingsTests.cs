using Hangfire;

namespace Asdamir.Data.Storage.Tests.Sql;

public sealed class SettingsTests
{
    public static TheoryData<PostgreSqlJobStorageOptions, string> BadPostgreSql => new()
    {
        { new() { Schema = "Company" }, "Schema = 'Company'" },
        { new() { Schema = "" }, "Schema = ''" },
        { new() { Schema = "a; drop schema public" }, "Schema = 'a; drop schema public'" },
        { new() { Schema = "1st" }, "Schema = '1st'" },
        { new() { LeaseTimeout = TimeSpan.FromSeconds(1) }, "LeaseTimeout = '00:00:01'" },
        { new() { PollInterval = TimeSpan.Zero }, "PollInterval = '00:00:00'" },
        { new() { MaxConnections = 2 }, "MaxConnections = '2'" },
    };

    public static TheoryData<SqliteJobStorageOptions, string> BadSqlite => new()
    {
        { new() { LeaseTimeout = TimeSpan.FromHours(1) }, "LeaseTimeout = '01:00:00'" },
        { new() { PollInterval = TimeSpan.FromMilliseconds(1) }, "PollInterval = '00:00:00.0010000'" },
        { new() { BusyTimeout = TimeSpan.Zero }, "BusyTimeout = '00:00:00'" },
    };

    [Theory]
    [MemberData(nameof(BadPostgreSql))]
    public void PostgreSqlJobStorage_RefusesASetting_NamingItItsValueAndTheFix(PostgreSqlJobStorageOptions options, string named) =>
        AssertRefused(() => new PostgreSqlJobStorage("Host=127.0.0.1", options), named);

    [Theory]
    [MemberData(nameof(BadSqlite))]
    public void SqliteJobStorage_RefusesASetting_NamingItItsValueAndTheFix(SqliteJobStorageOptions options, string named) =>
        AssertRefused(() => new SqliteJobStorage("Data Source=jobs.db", options), named);

    [Theory]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=jobs.db;Mode=Memory")]
    [InlineData("Data Source=")]
    public void SqliteJobStorage_RefusesWhatIsNoFile(string connectionString) =>
        AssertRefused(() => new SqliteJobStorage(connectionString), "Data Source = '");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Hosst=db")]
    public void Storages_RefuseABadConnectionString(string connectionString)
    {
        Assert.ThrowsAny<ArgumentException>(() => new PostgreSqlJobStorage(connectionString));
        Assert.ThrowsAny<ArgumentException>(() => new SqliteJobStorage(connectionString));
    }

    [Fact]
    public void UseJobStorage_SetsTheStorage_OfHangfiresConfiguration()
    {
        using var postgreSql = GlobalConfiguration.Configuration.UsePostgreSqlJobStorage("Host=127.0.0.1;Port=1;Database=none").Entry;
        Assert.Same(postgreSql, JobStorage.Current);
        using var sqlite = GlobalConfiguration.Configuration.UseSqliteJobStorage("Data Source=never-opened.db").Entry;
        Assert.Same(sqlite, JobStorage.Current);
        Assert.False(File.Exists("never-opened.db"));
    }

    [Fact]
    public void ToString_ShowsWhereItIs_NeverThePassword()
    {
        using var storage = new PostgreSqlJobStorage(
            "Host=db.example;Database=company;Username=jobs;Password=secret", new PostgreSqlJobStorageOptions { Schema = "jobs" });

        Assert.Equal("PostgreSQL at db.example:5432, database company, schema jobs", storage.ToString());
    }

    [Theory]
    [InlineData("Host=one,two:6000;Port=5000", "one:5000,two:6000")]
    [InlineData("Host=[::1]:6000,::1;Port=5000", "[::1]:6000,::1:5000")]
    [InlineData("Host=one,two;Target Session Attributes=Read-Write", "one:5432,two:5432")]
    public void ToString_ShowsAllHosts(string connectionString, string hosts)
    {
        using var storage = new PostgreSqlJobStorage($"{connectionString};Database=company");

        Assert.Equal($"PostgreSQL at {hosts}, database company, schema hangfire", storage.ToString());
    }

    [Theory]
    [InlineData("Host=one,two", "any", "allows standbys")]
    [InlineData("Host=one,two", "prefer-primary", "allows standbys")]
    [InlineData("Host=one,two", "standby", "allows standbys")]
    [InlineData("Host=one", "primary", "chooses among several hosts")]
    public void PostgreSqlJobStorage_RefusesHostsThatMayNotBeThePrimary(string connectionString, string role, string fault) =>
        AssertRefused(
            () => new PostgreSqlJobStorage($"{connectionString};Target Session Attributes={role}"),
            $"Target Session Attributes = '{role}' {fault}");

    private static void AssertRefused(Func<JobStorage> create, string named)
    {
        var error = Assert.ThrowsAny<ArgumentException>(create);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix:", error.Message, StringComparison.Ordinal);
    }
}
