using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Catalog;
using Cronos;

namespace Asdamir.Data.Tests.Catalog;

/// <summary>Every range of weekdays fires on the days that counting gives; 7 is Sunday, as 0 is.</summary>
public sealed class CronWeekdayTests
{
    private static readonly string[] Names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly DateTime Sunday = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    public static TheoryData<int, int> Ranges => [.. from a in Enumerable.Range(0, 8) from b in Enumerable.Range(0, 8) select (a, b)];

    [Theory]
    [MemberData(nameof(Ranges))]
    public void TryCreate_FiresOnTheDaysOfTheRange_WithEveryStep(int first, int last)
    {
        for (var step = 1; step <= 7; step++)
        {
            var days = DaysOf(first, last, step);

            AssertDays(days, $"0 0 * * {first}-{last}/{step}");
            AssertDays(days, $"30 0 0 * * {first}-{last}/{step} ");
            AssertDays(days, $"0 0 * * 0{first}-0{last}/{step}");
            AssertDays([.. days.Append(3).Distinct().Order()], $"0 0 * * WED,{first}-{last}/{step}");
            AssertDays([.. days.Append(3).Distinct().Order()], $"0 0 * * {first}-{last}/{step},3");
            if (last < 7)
                AssertDays(days, $"0 0 * * {first}-{Names[last]}/{step}");
            if (first < 7)
                AssertDays(days, $"0 0 * * {Names[first].ToLowerInvariant()}-{last}/{step}");
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void TryCreate_FiresOnTheDaysOfTheRange_WithoutAStep(int first, int last) =>
        AssertDays(DaysOf(first, last, 1), $"0 0 * * {first}-{last}");

    [Theory]
    [InlineData("7", new[] { 0 })]
    [InlineData("7,1", new[] { 0, 1 })]
    [InlineData("7#2", new[] { 0 })]
    [InlineData("7L", new[] { 0 })]
    [InlineData("*/7", new[] { 0 })]
    [InlineData("1/2", new[] { 0, 1, 3, 5 })]
    public void TryCreate_LeavesOtherFormsAlone(string weekdays, int[] days) => AssertDays(days, $"0 0 * * {weekdays}", days: 366);

    [Theory]
    [InlineData("7-9 0 * * *")]
    [InlineData("0 7-9 * * *")]
    [InlineData("0 0 7-9 * *")]
    [InlineData("0 0 * 7-9 *")]
    public void TryCreate_LeavesOtherFieldsAlone(string cron) =>
        Assert.Equal(cron, CronSchedule.TryCreate(cron, "UTC", Sunday, out _)!.Cron);

    [Fact]
    public async Task AddOrUpdateRecurring_StoresWhatHangfiresSchedulersRead_ForEveryRangeThatBeginsWithSeven()
    {
        await using var host = await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>());
        using var connection = host.Storage.GetConnection();

        for (var last = 0; last <= 7; last++)
        {
            for (var step = 1; step <= 7; step++)
            {
                host.Jobs.AddOrUpdateRecurring<IdleJob>($"0 0 * * 7-{last}/{step}", new RecurringOptions { Id = "weekly" });
                var stored = connection.GetAllEntriesFromHash("recurring-job:weekly")["Cron"];

                Assert.Equal(DaysOf(7, last, step), DaysOf(CronExpression.Parse(stored)));
            }
        }
    }

    [Theory]
    [InlineData("H H * * *")]
    [InlineData("0 0 * * H")]
    [InlineData("H/15 * * * *")]
    [InlineData("0 H 0 * * *")]
    public async Task AddOrUpdateRecurring_ThrowsWhatIsDocumented_WhenAValueIsAHash(string cron)
    {
        await using var host = await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>());

        var error = Assert.Throws<ArgumentException>(() => host.Jobs.AddOrUpdateRecurring<IdleJob>(cron));

        Assert.Contains($"cron '{cron}' is invalid: 'H'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryCreate_AnswersWithAFault_WhateverIsWritten()
    {
        var random = new Random(12);
        const string alphabet = "0123456789*/,-#?LWH @\t.SUNMOFRhl\0ä";
        for (var i = 0; i < 20_000; i++)
        {
            var cron = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => alphabet[random.Next(alphabet.Length)]));

            Assert.NotEqual(CronSchedule.TryCreate(cron, "UTC", Sunday, out var fault) is null, fault is null);
        }
    }

    private static int[] DaysOf(int first, int last, int step)
    {
        var from = first == 7 ? 0 : first;
        // Seven ends the week that it belongs to, unless the range is Sunday alone.
        var to = last == 7 && first == 7 ? 0 : last;
        if (to < from)
            to += 7;
        SortedSet<int> days = [];
        for (var day = from; day <= to; day += step)
            days.Add(day % 7);
        return [.. days];
    }

    private static int[] DaysOf(CronExpression expression, int days = 7) =>
        [.. expression.GetOccurrences(Sunday, Sunday.AddDays(days)).Select(at => (int)at.DayOfWeek).Distinct().Order()];

    private static void AssertDays(int[] expected, string cron, int days = 7)
    {
        var schedule = CronSchedule.TryCreate(cron, "UTC", Sunday.AddYears(-1), out var fault);
        Assert.True(fault is null, fault);
        SortedSet<int> fired = [];
        for (var at = schedule!.NextAfter(Sunday.AddSeconds(-1)); at < Sunday.AddDays(days); at = schedule.NextAfter(at!.Value))
            fired.Add((int)at!.Value.DayOfWeek);
        Assert.True(
            expected.SequenceEqual(fired),
            string.Create(
                CultureInfo.InvariantCulture, $"{cron} fires on {string.Join(",", fired)} and not on {string.Join(",", expected)}"));
    }

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
