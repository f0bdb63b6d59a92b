using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>A call with an idempotency key whose connection breaks in the commit, and that is repeated.</summary>
[NeedsPostgreSql]
public sealed class RepeatedCallTests
{
    private const string Commit = "SET commits = commits + 1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Fault.LoseAnswer, true)]
    [InlineData(Fault.LoseAnswer, false)]
    [InlineData(Fault.LoseRequest, true)]
    public async Task CallThatMayBeCommitted_IsRepeated_AndThereIsOneJob(Fault fault, bool isAsync)
    {
        var server = await SharedPostgres.GetAsync();
        var schema = server.NewSchema();
        using var proxy = new FaultProxy(server.ConnectionString);
        await using var host = await JobHost.StartClientAsync(static jobs => jobs.AddJob<MailJob>(), options =>
        {
            options.AppQueue = "mail";
            options.Storage.Provider = "PostgreSql";
            options.Storage.ConnectionString = proxy.ConnectionString;
            options.Storage.Schema = schema;
        });
        host.Jobs.Enqueue<MailJob>();
        JobOptions options = new() { IdempotencyKey = "order-42-mail" };
        proxy.Decide = sql =>
        {
            if (!sql.Contains(Commit, StringComparison.Ordinal))
                return Fault.None;
            // Nothing can find out what became of the commit.
            proxy.IsDown = true;
            return fault;
        };

        var unknown = isAsync
            ? await Assert.ThrowsAsync<JobStorageUnavailableException>(() => host.Jobs.EnqueueAsync<MailJob>(options, Token))
            : Assert.Throws<JobStorageUnavailableException>(() => host.Jobs.Enqueue<MailJob>(options));
        Assert.True(unknown.MayBeCommitted);
        proxy.Decide = static _ => Fault.None;
        proxy.IsDown = false;
        var stored = await JobsOfKeysAsync();
        var repeated = host.Jobs.TryEnqueue<MailJob>(options);
        var again = await host.Jobs.TryEnqueueAsync<MailJob>(options, Token);

        Assert.Equal(fault == Fault.LoseAnswer ? [repeated.JobId] : [], stored);
        Assert.Equal(fault == Fault.LoseAnswer, repeated.Existed);
        Assert.Equal(new EnqueueResult { JobId = repeated.JobId, Existed = true }, again);
        Assert.Equal([repeated.JobId], await JobsOfKeysAsync());
        Assert.Equal(2, host.Storage.GetMonitoringApi().EnqueuedCount("mail"));

        async Task<List<string>> JobsOfKeysAsync()
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText =
                $"SELECT j.id::text FROM \"{schema}\".job_key AS k JOIN \"{schema}\".job AS j ON j.id = k.job_id";
            await using var row = await command.ExecuteReaderAsync(Token);
            List<string> jobs = [];
            while (await row.ReadAsync(Token))
                jobs.Add(row.GetString(0));
            return jobs;
        }
    }

    private sealed class MailJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
