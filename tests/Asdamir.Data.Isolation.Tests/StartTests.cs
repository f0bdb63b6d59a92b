using System.Diagnostics;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>An app starts with a storage that works, or says why not. Never half.</summary>
public sealed class StartTests(PostgresServer server)
{
    private const string DeadServer = "--HangfireJobs:Storage:ConnectionString=Host=127.0.0.1;Port=1;Database=company;Username=jobs;Password=geheim";

    [Fact]
    public async Task A_dead_database_ends_the_start_at_once_with_a_message_that_names_it_but_no_password()
    {
        await using var company = new Company(server);
        var clock = Stopwatch.StartNew();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => company.StartCrmAsync(DeadServer));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Contains("The job storage cannot be used (PostgreSQL at 127.0.0.1:1, database company, schema ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:Storage:WhenUnavailable", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_misconfigured_keys_are_all_named_with_their_fix()
    {
        await using var company = new Company(server);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => company.StartCrmAsync(
            "--HangfireJobs:AppQueue=CRM", "--HangfireJobs:WorkerCount=0", "--HangfireJobs:Storage:Schema=Company-A"));

        Assert.Contains("misconfigured (3 faults)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:AppQueue = 'CRM' may only contain lowercase letters, digits, '-' and '_'. Fix: use for example 'crm'.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:WorkerCount = '0'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:Storage:Schema = 'Company-A'", failure.Message, StringComparison.Ordinal);
    }
}
