using System.Reflection;
using System.Text.RegularExpressions;

namespace Asdamir.Data.Analyzers.Tests;

public sealed partial class RulesTests
{
    private static readonly string Pages = Path.Combine(
        typeof(RulesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "Repository").Value!,
        "docs", "rules");

    public static TheoryData<string> RuleIds => [.. Source.Rules.Select(static rule => rule.Id)];

    [Fact]
    public async Task Success_AfterACatchOfEverything_IsReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class MailJob : IJob
            {
                public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
                {
                    try
                    {
                        await Task.Delay(1, ct);
                        return JobResult.Success();
                    }
                    catch (TimeoutException)
                    {
                        return JobResult.Success();
                    }
                    catch (Exception exception) when (exception is IOException)
                    {
                        return JobResult.Success();
                    }
                    catch (Exception)
                    {
                        return JobResult.Success(); // ADJ0001
                    }
                }
            }

            public sealed class PlainJob : IJob<int>
            {
                public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
                {
                    try
                    {
                        return Task.FromResult(JobResult.Success());
                    }
                    catch
                    {
                        if (args == 1)
                            return Task.FromResult(JobResult.Failure("broken"));
                        return Task.FromResult(JobResult.Success(output: 1)); // ADJ0001
                    }
                }
            }

            public sealed class NoJob
            {
                public JobResult Try()
                {
                    try { return JobResult.Failure("x"); }
                    catch (Exception) { return JobResult.Success(); }
                }
            }
            """);
    }

    [Fact]
    public async Task Token_ThatIsNotPassedOn_IsReported()
    {
        var messages = await Source.IsReportedAsMarkedAsync(
            """
            public sealed class FetchJob(HttpClient http) : IJob
            {
                public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken stop = default)
                {
                    await Task.Delay(5); // ADJ0002
                    await http.GetStringAsync("https://example.com"); // ADJ0002
                    await StoreAsync(1); // ADJ0002
                    await StoreAsync(1, CancellationToken.None);
                    await StoreAsync(2, stop);
                    await WithoutAsync();
                    await ctx.StepAsync("one", static _ => Task.CompletedTask);
                    await Task.WhenAll(StoreAsync(3, stop));
                    Func<Task> later = () => StoreAsync(4); // ADJ0002
                    await later();
                    return JobResult.Success();
                }

                private static Task StoreAsync(int value, CancellationToken ct = default) => Task.CompletedTask;

                private static async Task WithoutAsync() => await StoreAsync(5);
            }
            """);

        Assert.Contains(messages, static message => message.EndsWith("pass stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Arguments_ThatCannotBeStored_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed record Good(
                int Id, string? Name, List<Line> Lines, IReadOnlyDictionary<string, int> Counts, DateTimeOffset At, Shape Shape,
                Good? Next);

            public sealed record Line(decimal Price);

            [JsonDerivedType(typeof(Circle), "circle")]
            public abstract record Shape;

            public sealed record Circle(int Radius) : Shape;

            public sealed record Bad(
                Stream Content, object Value, List<Action> Callbacks, int[,] Grid, IShape Unknown, CancellationToken Token);

            public interface IShape;

            public sealed record Ignored(
                [property: JsonIgnore] Stream? Content, [property: JsonConverter(typeof(JsonStringEnumConverter))] object Value);

            public abstract class Base<T> : IJob<T>
            {
                public Task<JobResult> ExecuteAsync(T args, IJobContext ctx, CancellationToken ct = default) =>
                    throw new NotSupportedException();
            }

            public sealed class GoodJob : Base<Good>;

            public sealed class IgnoredJob : Base<Ignored>;

            public sealed class StreamJob : Base<Stream>; // ADJ0003

            public sealed class BadJob : Base<Bad>; // ADJ0003 ADJ0003 ADJ0003 ADJ0003 ADJ0003 ADJ0003
            """);
    }

    [Fact]
    public async Task Names_OfTwoJobTypes_AreReported()
    {
        var messages = await Source.IsReportedAsMarkedAsync(
            """
            namespace A
            {
                public sealed class MailJob : Job;
                public sealed class OtherJob : Job;
            }

            namespace B
            {
                public sealed class MailJob : Job; // ADJ0004
                [JobName("other")] public sealed class OtherJob : Job;
            }

            namespace C
            {
                public sealed class MailJob : Job;

                public static class App
                {
                    public static void Register(IHangfireJobsBuilder jobs) => jobs.AddJob<MailJob>();
                }
            }

            public abstract class Job : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }
            """);

        Assert.Contains(
            "The job types A.MailJob and B.MailJob both have the name 'MailJob'", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedules_ThatAreInvalidOrNeverFire_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            [RecurringJob("0 4 * * 1")]
            [RecurringJob("*/10 * * * * *", Id = "often", TimeZone = "Europe/Berlin")]
            [RecurringJob("@daily", Id = "daily")]
            [RecurringJob("0 0 29 2 *", Id = "leap")]
            [RecurringJob("", Id = "empty")] // ADJ0005
            [RecurringJob("61 * * * *", Id = "minute")] // ADJ0005
            [RecurringJob("0 0 31 2 *", Id = "never")] // ADJ0005
            [RecurringJob("H * * * *", Id = "hash")] // ADJ0005
            [RecurringJob("0 4 * * *", Id = "windows", TimeZone = "W. Europe Standard Time")] // ADJ0005
            public sealed class SweepJob : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }

            public sealed class Schedules(IHangfireJobService jobs)
            {
                public async Task AddAsync(string cron)
                {
                    jobs.AddOrUpdateRecurring<SweepJob>(cron);
                    jobs.AddOrUpdateRecurring<SweepJob>("0 4 * *"); // ADJ0005
                    await jobs.AddOrUpdateRecurringAsync<SweepJob>(
                        "0 4 * * 1-8", // ADJ0005
                        new RecurringOptions
                        {
                            TimeZone = "Romance Standard Time", // ADJ0005
                        });
                }
            }
            """);
    }

    [Fact]
    public async Task Work_ThatAJobDoesNotAwait_IsReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class HastyJob : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
                {
                    SendAsync(ct); // ADJ0007
                    _ = Task.Run(() => { }, ct); // ADJ0007
                    Action lambda = async () => await SendAsync(ct); // ADJ0006
                    async void Local() => await SendAsync(ct); // ADJ0006
                    lambda();
                    Local();
                    Forget();
                    _ = int.Parse("1");
                    return Task.FromResult(JobResult.Success());
                }

                private async void Forget() => await SendAsync(default); // ADJ0006

                private static Task SendAsync(CancellationToken ct) => Task.CompletedTask;
            }

            public sealed class NoJob
            {
                public void Send() => _ = Task.Run(() => { });

                public async void Click() => await Task.Yield();
            }
            """);
    }

    [Fact]
    public async Task Waits_ThatBlockAThread_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class BlockingJob : IJob
            {
                public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
                {
                    Thread.Sleep(5); // ADJ0008
                    SendAsync(ct).Wait(ct); // ADJ0008
                    var one = SendAsync(ct).Result; // ADJ0008
                    var two = SendAsync(ct).GetAwaiter().GetResult(); // ADJ0008
                    Task.WaitAll(SendAsync(ct)); // ADJ0008
                    var answer = new Answer();
                    await SendAsync(ct);
                    return JobResult.Success(output: answer.Result + one + two);
                }

                private static Task<int> SendAsync(CancellationToken ct) => Task.FromResult(1);

                private sealed class Answer
                {
                    public int Result => 1;
                }
            }
            """);
    }

    [Fact]
    public async Task DisableConcurrentExecution_OnAJob_IsReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            [DisableConcurrentExecution(10)] // ADJ0009
            public sealed class FirstJob : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }

            public sealed class SecondJob : IJob
            {
                [DisableConcurrentExecution(10)] // ADJ0009
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }

            public sealed class PlainHangfire
            {
                [DisableConcurrentExecution(10)]
                public void Send() { }
            }
            """);
    }

    [Fact]
    public async Task Arguments_NamedLikeSecrets_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed record Args(
                string Password, // ADJ0010
                string GitHubToken, // ADJ0010
                string MailApiKey, // ADJ0010
                string PassengerName, int TokenCount, string Key);

            public sealed class ImportJob : IJob<Args>
            {
                public Task<JobResult> ExecuteAsync(Args args, IJobContext ctx, CancellationToken ct = default) =>
                    throw new NotSupportedException();
            }
            """);
    }

    [Fact]
    public async Task Steps_OfOneName_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class PayJob : IJob<int>
            {
                public async Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
                {
                    var receipt = await ctx.StepAsync("charge", _ => Task.FromResult(1), ct);
                    if (args == 1)
                        await ctx.StepAsync("mail", _ => Task.CompletedTask, ct);
                    else
                        await ctx.StepAsync("mail", _ => Task.CompletedTask, ct);
                    foreach (var part in new[] { "a", "b" })
                        await ctx.StepAsync(part, _ => Task.CompletedTask, ct);
                    await ctx.StepAsync("charge", _ => Task.CompletedTask, ct); // ADJ0011
                    return JobResult.Success(output: receipt);
                }
            }
            """);
    }

    [Fact]
    public void Rules_HaveAPageEach() =>
        Assert.Equal(
            Source.Rules.Select(static rule => $"# {rule.Id}: {rule.Title}").Order(StringComparer.Ordinal),
            Directory.GetFiles(Pages, "ADJ*.md").Select(static file => File.ReadLines(file).First()).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(RuleIds))]
    public async Task Page_ShowsWhatIsReportedAndWhatIsNot(string rule)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Pages, $"{rule}.md"), TestContext.Current.CancellationToken);
        var examples = Example().Matches(page).Select(static example => example.Groups[1].Value).ToList();

        Assert.Equal(2, examples.Count);
        Assert.NotEmpty(await Source.IsReportedAsMarkedAsync(examples[0]));
        Assert.Contains($"// {rule}", examples[0], StringComparison.Ordinal);
        Assert.Empty(await Source.IsReportedAsMarkedAsync(examples[1]));
    }

    [GeneratedRegex("```cs\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
