using System.Net;
using System.Text.Json;
using Asdamir.AdminConsole.Tests.Hosting;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.Logging;

namespace Asdamir.AdminConsole.Tests.Shell;

/// <summary>Whatever jobs, servers and people wrote is text in every page and every live view.</summary>
public sealed class HostileTextTests : OneCompany
{
    [Fact]
    public async Task HostileText_StaysText()
    {
        var jobs = Put();
        var ada = await OperatorAsync("<b>ada</b>");
        var wanted = WebUtility.HtmlDecode(Hostile.Text);
        var operation = (await ada.SubmitAsync(
            "/acme/jobs/act", ("action", "delete"), ("job", $"{jobs[0]}|Failed"), ("reason", Hostile.Text), ("confirmed", "1")))
            .Location!.Split("did=")[1];
        List<string> silent = [];
        await using var workflow = Acme.Jobs.NewWorkflow(Hostile.Text);
        workflow.Add<HostileJob, string>(Hostile.Text);
        var flow = await workflow.CommitAsync(TestContext.Current.CancellationToken);

        foreach (var address in Addresses.Of(Site, "acme", jobs[1])
            .Where(static address =>
                address is { IsOfCompany: true } && address.Method == HttpMethod.Get
                    && !address.Path.EndsWith(".csv", StringComparison.Ordinal)
                    && !address.Path.EndsWith("/log", StringComparison.Ordinal)))
        {
            var path = address.Path.Replace($"/operations/{jobs[1]}", $"/operations/{operation}", StringComparison.Ordinal)
                .Replace($"/workflows/{jobs[1]}", $"/workflows/{flow}", StringComparison.Ordinal);
            var answer = await ada.GetAsync(address.IsLive ? path + "?once=1" : path);

            Assert.Equal((path, HttpStatusCode.OK), (path, answer.Status));
            SecurityHeadersTests.AssertHarmless(answer.Page);
            Assert.Empty(answer.Page.QuerySelectorAll("b"));
            if (!answer.Page.DocumentElement.TextContent.Contains(wanted, StringComparison.Ordinal))
                silent.Add(path);
        }

        // Counts of jobs are all that one shows.
        Assert.Equal(["/acme/live/tabs"], silent);
    }

    [Fact]
    public async Task Job_IsShownWithAllThatItWrote()
    {
        var job = Put()[1];

        var text = (await (await OperatorAsync()).GetAsync($"/acme/jobs/{job}")).Page.QuerySelector("main")!;

        foreach (var part in (string[])[
            "#error + div", "#error ~ .code code", "#arguments ~ .code code", "#context ~ dl dt", "#context ~ dl code",
            "#steps ~ ol strong", "#steps ~ ol code", "#cursors ~ dl dt", "#cursors ~ dl code", ".log", "#history ~ ol", ".subject",
            ".progress"])
        {
            Assert.Contains(
                "<script>hit(1)</script>", text.QuerySelector(part)!.TextContent.Replace("\\u003C", "<", StringComparison.Ordinal),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/acme?app={0}")]
    [InlineData("/acme?range={0}&did={0}")]
    [InlineData("/acme/jobs?state={0}&app={0}&name={0}&queue={0}&q={0}&from={0}&after={0}")]
    [InlineData("/acme/jobs/{0}?level={0}")]
    [InlineData("/acme/recurring?q={0}&status={0}")]
    [InlineData("/acme/servers?app={0}")]
    [InlineData("/acme/queues?app={0}")]
    [InlineData("/acme/limits?app={0}")]
    [InlineData("/acme/workflows?app={0}&before={0}")]
    [InlineData("/acme/workflows/{0}?after={0}")]
    [InlineData("/acme/audit?actor={0}&action={0}&from={0}&before={0}")]
    [InlineData("/acme/operations/{0}?of={0}")]
    [InlineData("/acme/live/jobs/{0}?level={0}&once=1")]
    [InlineData("/acme/live/tabs?state={0}&q={0}&once=1")]
    [InlineData("/acme/nothing/{0}")]
    [InlineData("/login?returnUrl={0}&failed={0}")]
    public async Task TextOfAnAddress_StaysTextAndBreaksNothing(string address)
    {
        var ada = await OperatorAsync();
        foreach (var text in (string[])[
            Hostile.Text, "\u0000", "\u0001\u001b", "' OR 1=1 --", "%", new string('x', 900), "\ud83d\ude00\u202e", "-1",
            "99999999999999999999"])
        {
            // No server takes a zero in a path.
            var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, Uri.EscapeDataString(text));
            if (path.Split('?')[0].Contains("%00", StringComparison.Ordinal))
                continue;
            var answer = await ada.GetAsync(path);

            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{path} is answered with {answer.Status}");
            SecurityHeadersTests.AssertHarmless(answer.Page);
            Assert.Null(answer.Page.QuerySelector(".problem"));
        }
    }

    [Fact]
    public async Task Log_IsSentAsAFileThatNoBrowserOpens()
    {
        var answer = await (await OperatorAsync()).GetAsync($"/acme/jobs/{Put()[1]}/log");

        Assert.Equal("text/plain; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.StartsWith("attachment; filename=job-", answer.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Contains(Hostile.Text, answer.Body, StringComparison.Ordinal);
    }

    private List<string> Put()
    {
        const string text = Hostile.Text;
        Acme.Jobs.AddOrUpdateRecurring<HostileJob, string>(text, "@daily", new RecurringOptions { Id = text });
        Acme.Jobs.AddOrUpdateRecurring<HostileJob, string>(text, "@hourly", new RecurringOptions { Id = "paused" });
        Acme.Jobs.PauseRecurring("paused", text);
        foreach (var queue in new[] { TestCompany.Queue, text })
            ((IJobPauses)Acme.Storage).Pause(JobPauseKind.Queue, queue, text, text);
        HostileContext.IsOn.Value = true;
        List<string> jobs = [.. Acme.Jobs.EnqueueMany<HostileJob, string>([text, text, text, text])];
        Acme.Put(jobs[..2], new FailedState(new InvalidOperationException(text, new ArgumentException(text))) { Reason = text });
        Acme.Put(jobs[2..3], new SucceededState(text, 1, 1) { Reason = text });
        Dictionary<string, string> notes = [];
        JobLog.Add(notes, new JobLogChunk(0, [new JobLogLine { At = DateTimeOffset.UtcNow, Level = LogLevel.Error, Message = text }]));
        JobLog.Add(notes, new JobProgress(50, text, DateTimeOffset.UtcNow));
        var value = JsonSerializer.SerializeToElement(text);
        notes[StepNotes.NameOf(StepNotes.StepPrefix, 0)] =
            StepNotes.Write(new StoredStep(text, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, 1, value));
        notes[StepNotes.NameOf(StepNotes.CursorPrefix, 0)] = StepNotes.Write(new StoredCursor(text, DateTimeOffset.UtcNow, value));
        ((IJobMetadata)Acme.Storage).WriteMetadata(jobs[1], notes);
        Assert.True(((IJobLimits)Acme.Storage).ChangeLimit(TestCompany.Queue, text, 0, text, text));
        using var connection = Acme.Storage.GetConnection();
        connection.AnnounceServer(text, new ServerContext { Queues = [text], WorkerCount = 1 });
        return jobs;
    }
}
