using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Tests.Commands;

/// <summary>The documents of <c>--json</c> are stable.</summary>
public sealed class JsonTests
{
    [Fact]
    public async Task Documents_AreAsPinned()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var failed = schema.Fail();
        schema.Jobs.Schedule<MailJob, Mail>(new Mail("b@example.com"), TimeSpan.FromDays(1));
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("c@example.com"), "0 2 * * *", new RecurringOptions { Id = "nightly" });
        using (var connection = schema.Storage.GetConnection())
        {
            connection.AnnounceServer(
                "crm@web-1:4242:8c8ba653", new Hangfire.Server.ServerContext { Queues = ["crm"], WorkerCount = 20 });
        }

        await AssertAsync(schema, "list", "list", "--state", "failed");
        await AssertAsync(schema, "show", "show", failed, "--log");
        await AssertAsync(schema, "servers", "servers");
        await AssertAsync(schema, "pause", "pause", "crm:nightly", "--reason", "Books are closed.");
        await AssertAsync(schema, "recurring", "recurring");
        await AssertAsync(schema, "requeue", "requeue", failed, "5x", "--reason", "The mail server is back.");
        await AssertAsync(schema, "queues", "queues");
        await AssertAsync(
            schema, "pause-queue", "pause-queue", "crm", "--reason", "Books are closed.", "--until", "2099-01-01T00:00:00Z");
        await AssertAsync(schema, "paused-queues", "queues");
        await schema.RunAsync("limits", "set", "smtp", "2", "--reason", "The mail server is slow.");
        await AssertAsync(schema, "limits", "limits");
        await using var flow = schema.Jobs.NewWorkflow("newsletter");
        flow.Add<ListMailJob, Mail>(new Mail("b"), after: flow.Add<MailJob, Mail>(new Mail("a")));
        var id = await flow.CommitAsync(TestContext.Current.CancellationToken);
        await schema.RunAsync("workflows", "cancel", id, "--reason", "Not needed.");
        await AssertAsync(schema, "workflows", "workflows");
    }

    private static async Task AssertAsync(TestSchema schema, string name, params string[] args) =>
        await Golden.AssertAsync(name, (await schema.RunAsync([.. args, "--json"])).Out);
}
