using System.Net;
using Asdamir.AdminConsole.Features.Audit;

namespace Asdamir.AdminConsole.Tests.Features.Audit;

/// <summary>The audit can be searched and taken along.</summary>
public sealed class AuditPageTests : OneCompany
{
    protected override bool IsTimeFake => true;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Time.SetUtcNow(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var ada = await OperatorAsync();
        await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{Acme.Fail()}|Failed"));
        Time.Advance(TimeSpan.FromHours(1));
        var eve = await Site.WelcomeAsync("eve", "viewer:acme");
        await eve.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", "1"));
    }

    [Theory]
    [InlineData("", "Attempt eve,SignIn eve,Requeue ada,SignIn ada")]
    [InlineData("actor=ADA", "Requeue ada,SignIn ada")]
    [InlineData("actor=ada&action=Requeue", "Requeue ada")]
    [InlineData("action=SignIn", "SignIn eve,SignIn ada")]
    [InlineData("action=Denied", "Attempt eve")]
    [InlineData("from=2030-01-01T12:30", "Attempt eve,SignIn eve")]
    [InlineData("to=2030-01-01T12:30", "Requeue ada,SignIn ada")]
    [InlineData("from=2030-01-01T12:00&to=2030-01-01T12:00", "")]
    [InlineData("actor=a%25", "")]
    [InlineData("actor=' OR 1=1 --", "")]
    [InlineData("before=3", "SignIn ada")]
    [InlineData("before=x&from=yesterday", "Attempt eve,SignIn eve,Requeue ada,SignIn ada")]
    public async Task Audit_IsFilteredByUserActionAndTime(string query, string lines)
    {
        var page = await (await OperatorOfOldAsync()).GetAsync($"/acme/audit?{query}");

        var shown = page.Page.QuerySelectorAll("tbody tr")
            .Select(static row => $"{row.Children[2].TextContent.Trim()} {row.Children[1].FirstChild!.TextContent.Trim()}")
            .Where(static line => !line.EndsWith(" old", StringComparison.Ordinal));
        Assert.Equal(lines, string.Join(',', shown));
    }

    [Fact]
    public async Task File_HoldsIntentsTooAndTheSameFilter()
    {
        var answer = await (await OperatorOfOldAsync()).GetAsync("/acme/audit.csv?actor=ada");

        Assert.Equal(
            ("text/csv; charset=utf-8", "attachment; filename=audit-acme.csv; filename*=UTF-8''audit-acme.csv"),
            (answer.Headers["Content-Type"], answer.Headers["Content-Disposition"]));
        Assert.Equal(
            ["phase", "Completed", "Intended", "Event"],
            answer.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(',')[2]));
    }

    [Fact]
    public async Task Viewer_SeesTheAudit_WhichIsReadOnly()
    {
        var visitor = await OperatorOfOldAsync();

        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/acme/audit")).Status);
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch])
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create(Visitor.TokenField, await visitor.TokenAsync())]);
            Assert.Equal((method, HttpStatusCode.NotFound), (method, (await visitor.SendAsync(method, "/acme/audit", form)).Status));
        }
    }

    private Task<Visitor> OperatorOfOldAsync() => Site.WelcomeAsync("old", "viewer:acme");
}
