using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Features.Workflows;

/// <summary>The workflows of a company: what is shown, and how one is cancelled.</summary>
public sealed class WorkflowsPageTests : OneCompany
{
    private const string Act = "/acme/workflows/act";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workflows_AreListed_WithTheirProgress()
    {
        var ada = await OperatorAsync();
        Assert.Contains("There are no workflows.", (await ada.GetAsync("/acme/workflows")).Text, StringComparison.Ordinal);
        var id = await CreateAsync("<b>newsletter</b>");

        var page = (await ada.GetAsync("/acme/workflows")).Page;

        var row = Assert.Single(page.QuerySelectorAll("tbody tr"));
        Assert.Equal("<b>newsletter</b>", row.QuerySelector("th a")!.TextContent);
        Assert.Equal($"/acme/workflows/{id}", row.QuerySelector("th a")!.GetAttribute("href"));
        Assert.Contains("0 of 3 succeeded, 1 running, 2 waiting", row.TextContent, StringComparison.Ordinal);
        var progress = row.QuerySelector("progress")!;
        Assert.Equal(("3", "0"), (progress.GetAttribute("max"), progress.GetAttribute("value")));
        Assert.Empty((await ada.GetAsync("/acme/workflows?app=hr")).Page.QuerySelectorAll("tbody tr"));
        Assert.Empty((await ada.GetAsync($"/acme/workflows?before={id}")).Page.QuerySelectorAll("tbody tr"));
    }

    [Fact]
    public async Task PageOfAWorkflow_ShowsItsJobsInLayers_AndAfterWhichOthersTheyBegin()
    {
        var id = await CreateAsync("newsletter");
        var ada = await OperatorAsync();

        var answer = await ada.GetAsync($"/acme/workflows/{id}");

        Assert.Equal([1, 2], answer.Page.QuerySelectorAll(".layers > li").Select(static layer => layer.QuerySelectorAll("li").Length));
        var rows = answer.Page.QuerySelectorAll("tbody tr").ToList();
        Assert.Equal(
            ["Enqueued", "Awaiting", "Awaiting"], rows.Select(static row => row.QuerySelector(".state")!.GetAttribute("data-state")));
        var first = rows[0].QuerySelector("th code")!.TextContent;
        Assert.All(rows.Skip(1), row => Assert.Equal(first, row.QuerySelector("td.what code")!.TextContent));
        Assert.Contains("when finished", rows[2].TextContent, StringComparison.Ordinal);
        var link = (await ada.GetAsync($"/acme/jobs/{first}")).Page.QuerySelector($"dl.facts a[href='/acme/workflows/{id}']");
        Assert.NotNull(link);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync("/acme/workflows/987654")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync("/acme/workflows/none")).Status);
    }

    [Fact]
    public async Task Workflow_IsCancelled_WithAReason()
    {
        var id = await CreateAsync("newsletter");
        var ada = await OperatorAsync();
        var question = await ada.PostAsync(
            Act, (await ada.GetAsync($"/acme/workflows/{id}")).Form("form[data-act]:has(input[name=workflow])", "cancelworkflow"));
        Assert.Contains($"Cancel workflow {id} of acme?", question.Text, StringComparison.Ordinal);

        var (path, fields) = question.Asked("closed by hand");
        var answer = await ada.PostAsync(path, fields);
        await Until.TrueAsync(
            async () => (await ada.GetAsync($"/acme/workflows/{id}")).Text.Contains("Cancelled", StringComparison.Ordinal),
            "it is cancelled");
        var after = await ada.GetAsync($"/acme/workflows/{id}");

        Assert.NotNull(answer.Location);
        Assert.Contains("by ada", after.Text, StringComparison.Ordinal);
        Assert.Contains("closed by hand", after.Text, StringComparison.Ordinal);
        Assert.All(after.Page.QuerySelectorAll("tbody .state"), static state => Assert.Equal("Deleted", state.GetAttribute("data-state")));
        Assert.Empty(after.Page.QuerySelectorAll("button[value=cancelworkflow]"));
        await Until.TrueAsync(
            () => Site.Audit("acme").Any(
                entry => entry is { Phase: "Completed", Action: "CancelWorkflow", Done: 1 } && entry.Target == id), "it is in the audit");
        Assert.Contains("Cancel workflow", (await ada.GetAsync("/acme/audit")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explode", "1")]
    [InlineData("", "1")]
    [InlineData("cancelworkflow", "")]
    public async Task FormThatIsNotUnderstood_DoesNothing(string action, string id)
    {
        var answer = await (await OperatorAsync()).SubmitAsync(
            Act, ("action", action), ("workflow", id), ("reason", "x"), ("confirmed", "1"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase == "Intended");
    }

    [Fact]
    public async Task ForgedFormOfAViewer_CancelsNothing()
    {
        var id = await CreateAsync("newsletter");
        var viewer = await Site.WelcomeAsync("eve", "viewer:acme");

        var answer = await viewer.SubmitAsync(
            Act, ("action", "cancelworkflow"), ("workflow", id), ("reason", "mine"), ("confirmed", "1"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Empty((await viewer.GetAsync($"/acme/workflows/{id}")).Page.QuerySelectorAll("button[value=cancelworkflow]"));
        Assert.Equal(("Denied", "eve"), (Site.Audit("acme")[0].Phase, Site.Audit("acme")[0].Actor));
    }

    private async Task<string> CreateAsync(string name)
    {
        await using var flow = Acme.Jobs.NewWorkflow(name);
        var first = flow.Add<MailJob, string>("a");
        flow.Add<MailJob, string>("b", after: first);
        flow.Add<MailJob, string>("c", after: first, when: After.Finished);
        return await flow.CommitAsync(Token);
    }
}
