using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Tests.Features.Jobs;

/// <summary>The pages of jobs and of recurring jobs show what decides which job comes first, and their keys, as text.</summary>
public sealed class KeyAndPriorityTests : OneCompany
{
    private const string Hostile = "<b>7</b>";

    [Fact]
    public async Task PageOfAJob_ShowsItsPriorityAndItsKeys_AsText()
    {
        var id = Acme.Jobs.Enqueue<MailJob, string>(
            "a", new JobOptions { Priority = 2, FairnessKey = $"fair {Hostile}", UniqueKey = $"one {Hostile}", IdempotencyKey = "call-1" });
        var ada = await OperatorAsync();

        var facts = (await ada.GetAsync($"/acme/jobs/{id}")).Page.QuerySelector("dl.facts")!;

        var shown = facts.QuerySelectorAll("dt").ToDictionary(
            static term => term.TextContent, static term => term.NextElementSibling!.TextContent.Trim());
        Assert.Equal("2", shown["Priority"]);
        Assert.Equal($"fair {Hostile}", shown["Fairness key"]);
        Assert.Equal($"one {Hostile}", shown["Unique key"]);
        Assert.Equal("call-1", shown["Idempotency key"]);
        Assert.Empty(facts.QuerySelectorAll("b"));
    }

    [Fact]
    public async Task RecurringJobs_ShowThePriorityAndTheKey_OfTheirJobs()
    {
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>(
            "a", "0 3 * * *", new RecurringOptions { Id = "first", Priority = 1, FairnessKey = $"fair {Hostile}" });
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("a", "0 3 * * *", new RecurringOptions { Id = "usual" });
        var ada = await OperatorAsync();

        var rows = (await ada.GetAsync("/acme/recurring")).Page.QuerySelectorAll("tbody tr").ToDictionary(
            static row => row.QuerySelector("strong")!.TextContent, static row => row.TextContent);

        Assert.Contains("priority 1", rows["first"], StringComparison.Ordinal);
        Assert.Contains($"fairness key fair {Hostile}", rows["first"], StringComparison.Ordinal);
        Assert.DoesNotContain("priority", rows["usual"], StringComparison.Ordinal);
        Assert.DoesNotContain("fairness", rows["usual"], StringComparison.Ordinal);
    }
}
