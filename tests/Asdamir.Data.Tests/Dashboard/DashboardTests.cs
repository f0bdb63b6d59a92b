using System.Net;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Hangfire.Server;
using Hangfire.States;

namespace Asdamir.Data.Tests.Dashboard;

public sealed partial class DashboardTests
{
    private const string Markup = "<script>alert(1)</script>";

    [JobName("Report " + Markup)]
    public sealed class HostileJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.PermanentFailure($"failed with {Markup}"));
    }

    [GeneratedRegex("""<a class="job-method"[^>]*>(?<name>[^<]*)</a>""")]
    private static partial Regex JobLink();

    private static async Task<(WebHost Host, string JobId)> StartAsync(Action<HangfireJobsOptions>? configure = null)
    {
        var host = await WebHost.StartAsync("Development", jobs => jobs.AddJob<HostileJob>(), configure);
        var jobId = host.Jobs.Enqueue<HostileJob, string>(Markup);
        await host.UntilAsync(jobId, JobState.Failed);
        return (host, jobId);
    }

    private static async Task<string> PageAsync(WebHost host, string path) =>
        await (await host.GetAsync(path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task Pages_ShowTheJobsNameAndItsApp_NotTheEnvelope()
    {
        var (host, _) = await StartAsync(options => options.AppQueue = "crm");
        await using var disposed = host;

        var page = await PageAsync(host, "/hangfire/jobs/failed");

        // Not the whole page: its stack trace names the envelope, in one piece where Hangfire has no time to colour it.
        var names = JobLink().Matches(page).Select(link => WebUtility.HtmlDecode(link.Groups["name"].Value));
        Assert.Equal([$"Report {Markup} · crm"], names);
    }

    [Fact]
    public async Task Pages_ShowAJobThatWaitsInAWorkflow()
    {
        using var folder = new TemporaryFolder();
        await using var host = await WebHost.StartAsync(
            "Development", static jobs => jobs.AddJob<HostileJob>(),
            options => (options.RunServer, options.Storage.Provider, options.Storage.ConnectionString) =
                (false, "Sqlite", folder.Sqlite()));
        await using var flow = host.Jobs.NewWorkflow("flow");
        var waiting = flow.Add<HostileJob, string>("b", after: flow.Add<HostileJob, string>("a"));
        await flow.CommitAsync(TestContext.Current.CancellationToken);

        foreach (var path in (string[])["/hangfire/jobs/awaiting", $"/hangfire/jobs/details/{waiting.JobIds[0]}"])
        {
            var response = await host.GetAsync(path);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains(
                $"/jobs/details/{waiting.JobIds[0]}",
                path + await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/hangfire/jobs/failed")]
    [InlineData("/hangfire/jobs/details/")]
    public async Task Pages_EncodeWhatAJobWrote(string path)
    {
        var (host, jobId) = await StartAsync();
        await using var disposed = host;

        var page = await PageAsync(host, path.EndsWith('/') ? path + jobId : path);

        Assert.DoesNotContain(Markup, page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_ShowTheNameOfAServerAsText_WhateverIsStored(bool isKnown)
    {
        const string server = "web-1:<meta http-equiv=\"refresh\" content='0;url=//evil.example'>:1";
        var (host, jobId) = await StartAsync(options => options.RunServer = true);
        await using var disposed = host;
        using (var connection = host.Storage.GetConnection())
        {
            if (isKnown)
                connection.AnnounceServer(server, new ServerContext { Queues = [$"queue{Markup}"], WorkerCount = 1 });
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetJobState(
                jobId, new StoredState("Processing", new() { ["ServerId"] = server, ["WorkerId"] = "12345678", ["StartedAt"] = "0" }));
            transaction.Commit();
        }

        foreach (var path in (string[])[$"/hangfire/jobs/details/{jobId}", "/hangfire/jobs/processing", "/hangfire/servers"])
        {
            var page = await PageAsync(host, path);
            Assert.DoesNotContain("<meta http-equiv=\"refresh\"", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Markup, page, StringComparison.Ordinal);
        }
        Assert.Contains(
            "web-1:_meta http-equiv=_refresh_", await PageAsync(host, $"/hangfire/jobs/details/{jobId}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_IsRefused_WithoutAnAntiforgeryToken()
    {
        var (host, jobId) = await StartAsync();
        await using var disposed = host;

        using var form = new FormUrlEncodedContent([new("jobs[]", jobId)]);
        var response = await host.Client.PostAsync(
            new Uri("/hangfire/jobs/failed/delete", UriKind.Relative), form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(JobState.Failed, host.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Pages_OfferNoActions_WhenReadOnly()
    {
        var (readOnly, _) = await StartAsync(options => options.Access.ReadOnly = true);
        await using var first = readOnly;
        var (writable, _) = await StartAsync();
        await using var second = writable;

        Assert.DoesNotContain("/jobs/failed/requeue", await PageAsync(readOnly, "/hangfire/jobs/failed"), StringComparison.Ordinal);
        Assert.Contains("/jobs/failed/requeue", await PageAsync(writable, "/hangfire/jobs/failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_HideWhatSecretNamesStandFor_AndSecretsAmongArgumentsOfPlainJobs()
    {
        const string secret = "hunter2X";
        await using var host = await WebHost.StartAsync(
            "Development", jobs => jobs.AddJob<HostileJob>().AllowPlainJobs(typeof(Mailer)), options => options.RunServer = false);
        var named = host.Jobs.Enqueue<HostileJob, string>("x");
        using (var connection = host.Storage.GetConnection())
        {
            connection.SetJobParameter(named, "apiKey", $"\"{secret}\"");
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetJobState(named, new StoredState("Mailed", new() { ["dbPwd"] = secret }));
            transaction.Commit();
        }
        var plain = new Hangfire.BackgroundJobClient(host.Storage).Create(
            Hangfire.Common.Job.FromExpression(() => Mailer.Send("Host=db;Password=" + secret, secret)), new EnqueuedState());

        foreach (var id in (string[])[named, plain])
        {
            var page = await PageAsync(host, $"/hangfire/jobs/details/{id}");
            Assert.Contains("•••", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        }
    }

    public static class Mailer
    {
        public static void Send(string server, string apiKey) => _ = server + apiKey;
    }

    /// <summary>A state as any app of the schema can store it.</summary>
    private sealed class StoredState(string name, Dictionary<string, string> data) : IState
    {
        public string Name => name;

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => true;

        public Dictionary<string, string> SerializeData() => data;
    }
}
