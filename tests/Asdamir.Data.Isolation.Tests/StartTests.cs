namespace Asdamir.Data.Isolation.Tests;

/// <summary>An app starts with a storage that works, or says why not. Never half.</summary>
/// <param name="newCompany">A company on the storage.</param>
/// <param name="dead">A storage that cannot be used.</param>
/// <param name="where">What it is called.</param>
/// <param name="invalid">A setting of the storage.</param>
/// <param name="fault">What is wrong with it.</param>
public abstract class StartTests(Func<Company> newCompany, string dead, string where, string invalid, string fault)
{
    [Fact]
    public async Task Start_EndsAtOnceAndNamesTheDatabaseButNoPassword_WhenItIsDead()
    {
        await using var company = newCompany();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => company.StartCrmAsync(dead));

        Assert.DoesNotContain("the app waits and tries again", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"The job storage cannot be used ({where}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:Storage:WhenUnavailable", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThreeMisconfiguredKeys_AreAllNamedWithTheirFix()
    {
        await using var company = newCompany();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => company.StartCrmAsync(
            "--HangfireJobs:AppQueue=CRM", "--HangfireJobs:WorkerCount=0", invalid));

        Assert.Contains("misconfigured (3 faults)", failure.Message, StringComparison.Ordinal);
        Assert.Contains(
            "HangfireJobs:AppQueue = 'CRM' may only contain lowercase letters, digits, '-' and '_'. Fix: use for example 'crm'.",
            failure.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:WorkerCount = '0'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
    }
}

public sealed class StartTestsOnPostgreSql(CompanyServer server) : StartTests(
    server.OnPostgreSql,
    "--HangfireJobs:Storage:ConnectionString=Host=127.0.0.1;Port=1;Database=company;Username=jobs;Password=geheim",
    "PostgreSQL at 127.0.0.1:1, database company, schema ",
    "--HangfireJobs:Storage:Schema=Company-A",
    "HangfireJobs:Storage:Schema = 'Company-A'");

public sealed class StartTestsOnSqlite(CompanyServer server) : StartTests(
    server.OnSqlite,
    "--HangfireJobs:Storage:ConnectionString=Data Source=/nonexistent/jobs.db;Password=geheim",
    "SQLite file /nonexistent/jobs.db",
    "--HangfireJobs:Storage:ConnectionString=Data Source=:memory:",
    "HangfireJobs:Storage:ConnectionString names no file");
