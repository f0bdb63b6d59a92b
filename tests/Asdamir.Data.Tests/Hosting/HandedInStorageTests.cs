using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Asdamir.Data.Tests.Monitoring;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>A storage of ours that is handed in with UseStorage behaves as the configured one does.</summary>
public sealed class HandedInStorageTests
{
    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.PostgreSql, Traits = new[] { "Needs", "PostgreSql" })]
    public async Task Storage_NamesAndKeepsJobsAsTheAppSays(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(await NewAsync(kind, folder, new JobRetention(), null));

        var failed = await host.WaitForAsync(host.Jobs.Enqueue<BadJob, string>("broken"), JobState.Failed);

        var item = Assert.Single(((IJobSearch)host.Storage).Find(new JobQuery { Name = nameof(BadJob) }).Jobs);
        Assert.Equal((failed.Id, nameof(BadJob)), (item.Id, item.Name));
        AssertKept(TimeSpan.FromDays(7), host, failed.Id);
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.PostgreSql, Traits = new[] { "Needs", "PostgreSql" })]
    public async Task Storage_KeepsItsOwnOptions_WhereItHasThem(StorageKind kind)
    {
        using var folder = new TemporaryFolder();
        await using var host = await StartAsync(
            await NewAsync(kind, folder, new JobRetention { Failed = TimeSpan.FromDays(3) }, "of the storage"));

        var failed = await host.WaitForAsync(host.Jobs.Enqueue<BadJob, string>("broken"), JobState.Failed);

        Assert.Equal(failed.Id, Assert.Single(((IJobSearch)host.Storage).Find(new JobQuery { Name = "of the storage" }).Jobs).Id);
        AssertKept(TimeSpan.FromDays(3), host, failed.Id);
    }

    private static Task<JobHost> StartAsync(SqlJobStorage storage) => JobHost.StartAsync(
        jobs => jobs.AddJob<BadJob>().UseStorage(_ => storage),
        options =>
        {
            options.Retry.Attempts = 0;
            options.Retention.Failed = TimeSpan.FromDays(7);
        });

    private static async Task<SqlJobStorage> NewAsync(StorageKind kind, TemporaryFolder folder, JobRetention retention, string? name)
    {
        if (kind == StorageKind.Sqlite)
        {
            var file = new SqliteJobStorageOptions { Retention = retention };
            if (name is not null)
                file.JobName = _ => name;
            return new SqliteJobStorage($"Data Source={Path.Combine(folder.Path, "jobs.db")}", file);
        }
        var server = await SharedPostgres.GetAsync();
        var options = new PostgreSqlJobStorageOptions { Schema = server.NewSchema(), Retention = retention, PrepareStatements = false };
        if (name is not null)
            options.JobName = _ => name;
        return new PostgreSqlJobStorage(server.ConnectionString, options);
    }

    private static void AssertKept(TimeSpan expected, JobHost host, string jobId)
    {
        var expiry = host.Storage.GetMonitoringApi().JobDetails(jobId).ExpireAt!.Value - DateTime.UtcNow;
        Assert.InRange(expiry, expected - TimeSpan.FromHours(1), expected + TimeSpan.FromHours(1));
    }
}
