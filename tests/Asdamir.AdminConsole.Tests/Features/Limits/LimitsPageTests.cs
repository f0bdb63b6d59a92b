using System.Net;
using AngleSharp.Dom;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;

namespace Asdamir.AdminConsole.Tests.Features.Limits;

/// <summary>The limits of a company: what is shown, changed and given back.</summary>
public sealed class LimitsPageTests : OneCompany
{
    private const string Act = "/acme/limits/act";

    [Fact]
    public async Task Limits_AreShownByApp_WithWhatWaits()
    {
        Acme.Jobs.Enqueue<ListMailJob, ListMail>(new ListMail("news"));
        ((IJobLimits)Acme.Storage).DeclareLimits("hr", [new JobLimitRule("smtp", 2)]);
        var ada = await OperatorAsync();

        var all = (await ada.GetAsync("/acme/limits")).Page;
        var one = (await ada.GetAsync("/acme/limits?app=hr")).Page;

        Assert.Equal(["crm", "hr"], all.QuerySelectorAll("main section h2").Select(static title => title.TextContent));
        Assert.Equal(["hr"], one.QuerySelectorAll("main section h2").Select(static title => title.TextContent));
        Assert.Equal(["0", "5", "1", "as the app declares"], CellsOf(Row(all, "smtp")));
        Assert.Equal(["0", "1", "1", "as the app declares"], CellsOf(Row(all, "per-list")));
        Assert.Equal(["0", "2", "0", "as the app declares"], CellsOf(Row(one, "smtp")));
        Assert.Empty(all.QuerySelectorAll("button[value=resetlimit]"));
    }

    [Fact]
    public async Task ChangedLimit_SaysWhoAndWhy_UntilItIsGivenBack()
    {
        var ada = await OperatorAsync();
        var question = await ada.PostAsync(Act, (await ada.GetAsync("/acme/limits")).Form(FormOf("smtp"), "changelimit"));
        Assert.Contains("Change smtp of crm of acme?", question.Text, StringComparison.Ordinal);
        Assert.Equal("5", question.Field("number"));
        Assert.Equal(5, Limit("smtp").MaxRunning);

        var (path, fields) = question.Asked("the server is slow", number: "2");
        var changed = await ada.GetAsync((await ada.PostAsync(path, fields)).Location!);

        Assert.Contains("Changed 1.", changed.Text, StringComparison.Ordinal);
        Assert.StartsWith("changed by ada", CellsOf(Row(changed.Page, "smtp"))[3], StringComparison.Ordinal);
        Assert.Contains("the app declares 5", CellsOf(Row(changed.Page, "smtp"))[3], StringComparison.Ordinal);
        Assert.Contains("the server is slow", CellsOf(Row(changed.Page, "smtp"))[3], StringComparison.Ordinal);
        Assert.Equal((2, "ada"), (Limit("smtp").MaxRunning, Limit("smtp").ChangedBy));

        (path, fields) = (await ada.PostAsync(Act, changed.Form(FormOf("smtp"), "resetlimit"))).Asked("it is fast again");
        var back = await ada.GetAsync((await ada.PostAsync(path, fields)).Location!);

        Assert.Contains("Given back 1.", back.Text, StringComparison.Ordinal);
        Assert.Equal(["0", "5", "0", "as the app declares"], CellsOf(Row(back.Page, "smtp")));
        Assert.Equal(
            [("ResetLimit", "crm: smtp", "it is fast again"), ("ChangeLimit", "crm: smtp = 2", "the server is slow")],
            Site.Audit("acme").Where(static entry => entry.Phase == "Completed")
                .Select(static entry => (entry.Action, entry.Target, entry.Reason)));
        Assert.Contains("Give limit back", (await ada.GetAsync("/acme/audit")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", " ", "Give a reason")]
    [InlineData("", "x", "Give a number")]
    [InlineData("-1", "x", "Give a number")]
    [InlineData("1000001", "x", "Give a number")]
    [InlineData("1e3", "x", "Give a number")]
    [InlineData("99999999999999999999", "x", "Give a number")]
    [InlineData("2", "x", "Give a rate such as", "abc")]
    [InlineData("2", "x", "Give a rate such as", "0/min")]
    [InlineData("", "x", "Give a rate such as", "1/32d")]
    [InlineData("x", "x", "Give a number", "1/min")]
    public async Task Change_IsNotTaken_WithoutANumberAndAReason(
        string number, string reason, string fault, string rate = "")
    {
        var answer = await (await OperatorAsync()).SubmitAsync(
            Act, ("action", "changelimit"), ("queue", "crm"), ("name", "smtp"), ("number", number), ("rate", rate), ("reason", reason),
            ("confirmed", "1"));

        Assert.Contains(fault, answer.Text, StringComparison.Ordinal);
        Assert.Equal((5, null), (Limit("smtp").MaxRunning, Limit("smtp").ChangedTo));
    }

    [Fact]
    public async Task Rate_IsShown_Changed_AndGivenBack()
    {
        ((IJobLimits)Acme.Storage).DeclareLimits(
            "crm", [new JobLimitRule("calls", JobLimits.MaxRunning, new JobRate(100, TimeSpan.FromMinutes(1)))]);
        var ada = await OperatorAsync();
        var before = await ada.GetAsync("/acme/limits");
        Assert.Equal(["0", "100/min", "0", "as the app declares"], CellsOf(Row(before.Page, "calls")));
        var question = await ada.PostAsync(Act, before.Form(FormOf("calls"), "changelimit"));
        Assert.Equal(("", "100/min"), (question.Field("number"), question.Field("rate")));

        var answer = await ada.SubmitAsync(
            Act, ("action", "changelimit"), ("queue", "crm"), ("name", "calls"), ("number", ""), ("rate", "10/5min"), ("reason", "slow"),
            ("confirmed", "1"));
        var changed = await ada.GetAsync("/acme/limits");

        Assert.Contains("Changed 1.", (await ada.GetAsync(answer.Location!)).Text, StringComparison.Ordinal);
        Assert.Equal("10/5min", CellsOf(Row(changed.Page, "calls"))[1]);
        Assert.Contains("the app declares 100/min", CellsOf(Row(changed.Page, "calls"))[3], StringComparison.Ordinal);
        Assert.Equal((JobLimits.MaxRunning, null), (Limit("calls").MaxRunning, Limit("calls").ChangedTo));

        await ada.SubmitAsync(
            Act, ("action", "changelimit"), ("queue", "crm"), ("name", "smtp"), ("number", "4"), ("rate", "1/d"), ("reason", "slow"),
            ("confirmed", "1"));
        Assert.Equal("4, 1/d", CellsOf(Row((await ada.GetAsync("/acme/limits")).Page, "smtp"))[1]);
        Assert.Equal(
            ["crm: smtp = 4, 1/d", "crm: calls = 10/5min"],
            Site.Audit("acme").Where(static entry => entry.Phase == "Completed").Select(static entry => entry.Target));
        var (path, fields) = (await ada.PostAsync(Act, changed.Form(FormOf("calls"), "resetlimit"))).Asked("it is fast again");
        await ada.PostAsync(path, fields);
        Assert.Equal("100/min", Limit("calls").Rate?.ToString());
    }

    [Theory]
    [InlineData("explode", "crm", "smtp")]
    [InlineData("", "crm", "smtp")]
    [InlineData("changelimit", "", "smtp")]
    [InlineData("changelimit", "crm", "")]
    public async Task FormThatIsNotUnderstood_DoesNothing(string action, string queue, string name)
    {
        var answer = await (await OperatorAsync()).SubmitAsync(
            Act, ("action", action), ("queue", queue), ("name", name), ("number", "1"), ("reason", "x"), ("confirmed", "1"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain(Site.Audit("acme"), static entry => entry.Phase == "Intended");
    }

    [Fact]
    public async Task LimitThatIsNotThere_IsSkippedWithItsReason()
    {
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync(
            Act, ("action", "changelimit"), ("queue", "crm"), ("name", "none"), ("number", "1"), ("reason", "x"), ("confirmed", "1"));

        Assert.Contains(
            "Changed 0, skipped 1. Why none There is no limit 'none' in the queue 'crm'.", (await ada.GetAsync(answer.Location!)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task PageOfAJob_ShowsItsLimits_AndThatItNeedsTheirRoom()
    {
        const string hostile = "<b>news</b>";
        var waiting = Acme.Jobs.Enqueue<ListMailJob, ListMail>(new ListMail(hostile));
        var scheduled = Acme.Jobs.Schedule<ListMailJob, ListMail>(new ListMail("news"), TimeSpan.FromHours(1));
        var free = Acme.Jobs.Enqueue<MailJob, string>("a");
        var ada = await OperatorAsync();

        var page = await ada.GetAsync($"/acme/jobs/{waiting}");

        var limits = page.Page.QuerySelectorAll("dl.facts dt").Single(static term => term.TextContent == "Limits").NextElementSibling!;
        Assert.Equal(["per-list", "smtp"], limits.QuerySelectorAll("a").Select(static link => link.TextContent).Order());
        Assert.Equal([hostile], limits.QuerySelectorAll("code").Select(static key => key.TextContent));
        Assert.Contains("Begins when its limits have room:", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("limits", (await ada.GetAsync($"/acme/jobs/{free}")).Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("have room", (await ada.GetAsync($"/acme/jobs/{scheduled}")).Text, StringComparison.Ordinal);
    }

    private JobLimitStatus Limit(string name) =>
        ((IJobLimits)Acme.Storage).Limits(TestCompany.Queue).Single(limit => limit.Name == name);

    private static string FormOf(string name) => $"form[data-act]:has(input[name=name][value='{name}'])";

    private static IElement Row(IParentNode page, string name) =>
        page.QuerySelectorAll("tbody tr").First(row => row.QuerySelector("th")!.TextContent == name);

    // Without the buttons.
    private static string[] CellsOf(IElement row) =>
    [
        .. row.QuerySelectorAll("td").Take(4)
            .Select(static cell => string.Join(' ', cell.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))),
    ];
}
