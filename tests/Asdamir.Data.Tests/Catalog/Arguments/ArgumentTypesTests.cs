using System.Collections;
using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.Tests.Catalog.Arguments;

/// <summary>An argument reaches the job as it was given, or the app does not start.</summary>
public sealed class ArgumentTypesTests
{
    public static TheoryData<Type> Refused => [.. RefusedTypes.All.Keys];

    public static TheoryData<string> Carried => [.. CarriedValues.All.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Start_NamesJobTypeMemberAndFix_WhenArgumentsCannotBeReadBack(Type type)
    {
        var job = typeof(Taking<>).MakeGenericType(type);

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(job));

        Assert.Contains(job.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(RefusedTypes.All[type], error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<Unknown>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ReportsAllFaultsTogether_WhenSeveralJobsHaveSome()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
            options => options.WorkerCount = 0, typeof(Taking<RefusedTypes.Tree>), typeof(Named)));

        Assert.Contains("(3 faults)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Tag (Object)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Zone (TimeZoneInfo)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Carried))]
    public async Task Job_GetsTheArgumentsAsTheyWereGiven(string kind)
    {
        var value = CarriedValues.All[kind];
        await using var host = await StartAsync(typeof(Taking<>).MakeGenericType(value.GetType()));

        var run = await host.WaitForAsync(Enqueue(host, value), JobState.Succeeded);

        Assert.NotNull(run);
        AssertSame(value, host.Services.GetRequiredService<Taken>().Args!);
    }

    private static void AssertSame(object expected, object actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        switch (expected)
        {
            case JsonElement element:
                Assert.Equal(element.GetRawText(), ((JsonElement)actual).GetRawText());
                break;
            case System.Text.Json.Nodes.JsonNode node:
                Assert.Equal(node.ToJsonString(), ((System.Text.Json.Nodes.JsonNode)actual).ToJsonString());
                break;
            case CarriedValues.Holder<IReadOnlyList<int>> list:
                Assert.Equal(list.Value, ((CarriedValues.Holder<IReadOnlyList<int>>)actual).Value);
                break;
            case CarriedValues.Holder<IEnumerable<string>> sequence:
                Assert.Equal(sequence.Value, ((CarriedValues.Holder<IEnumerable<string>>)actual).Value);
                break;
            case IDictionary dictionary:
                Assert.Equal(Sorted(dictionary), Sorted((IDictionary)actual));
                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }

    private static List<string> Sorted(IDictionary dictionary) =>
        [.. dictionary.Keys.Cast<object>().Select(key => $"{key}={dictionary[key]}").Order(StringComparer.Ordinal)];

    private static string Enqueue(JobHost host, object value) => (string)typeof(IHangfireJobService).GetMethods()
        .Single(method => method.Name == nameof(IHangfireJobService.Enqueue) && method.GetGenericArguments().Length == 2)
        .MakeGenericMethod(typeof(Taking<>).MakeGenericType(value.GetType()), value.GetType())
        .Invoke(host.Jobs, [value, null])!;

    private static Task<JobHost> StartAsync(params Type[] jobs) => StartAsync(static _ => { }, jobs);

    private static Task<JobHost> StartAsync(Action<HangfireJobsOptions> configure, params Type[] jobs) => JobHost.StartAsync(
        builder =>
            Array.ForEach(jobs, job =>
                typeof(IHangfireJobsBuilder).GetMethod(nameof(IHangfireJobsBuilder.AddJob))!.MakeGenericMethod(job).Invoke(builder, null)),
        configure,
        services => services.AddSingleton<Taken>());

    internal sealed record Zoned(TimeZoneInfo Zone);

    [JobName("named")]
    private sealed class Named : IJob<Zoned>
    {
        public Task<JobResult> ExecuteAsync(Zoned args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
