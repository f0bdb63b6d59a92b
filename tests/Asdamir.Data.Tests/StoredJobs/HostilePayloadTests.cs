using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.StoredJobs;

/// <summary>A type named inside the data is never instantiated, neither by who lists a job nor by who executes it.</summary>
public sealed class HostilePayloadTests
{
    private const string Hostile =
        """{"$type":"Asdamir.Data.Tests.StoredJobs.HostilePayloadTests+Trap, Asdamir.Data.Tests","Fuse":"lit","fuse":"lit"}""";

    [Theory]
    [InlineData(Hostile)]
    [InlineData($$"""{"anything":{{Hostile}}}""")]
    [InlineData($$"""{"anything":[{{Hostile}}]}""")]
    public async Task Execute_NeverInstantiatesATypeNamedInTheData_WhenListedOrRun(string args)
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<OpenMindedJob>());
        var envelope = JobEnvelope.Wrap(nameof(OpenMindedJob), $$"""{"v":1,"args":{{args}}}""", null);

        var jobId = host.Services.GetRequiredService<IBackgroundJobClient>().Create(envelope, new EnqueuedState());
        await host.WaitForAsync(jobId, JobState.Succeeded);
        var listed = (await host.Services.GetRequiredService<IJobMonitor>()
            .GetJobsAsync(new JobListFilter(), 10, cancellationToken: TestContext.Current.CancellationToken))
            .Jobs;

        Assert.Equal(args, Assert.Single(listed).Arguments);
        Assert.Equal([args], host.Probe.Notes);
        Assert.False(Trap.Sprung);
    }

    [Fact]
    public void DeserializeJob_NeverInstantiatesATypeNamedInTheData_WhenItStandsInPlaceOfThePayload()
    {
        var stored = InvocationData.SerializeJob(JobEnvelope.Wrap("any", "{}", null));
        var hostile = new InvocationData(
            stored.Type, stored.Method, stored.ParameterTypes,
            JsonSerializer.Serialize<string?[]>(["\"any\"", Hostile, null, null]), stored.Queue);

        JobEnvelope.TryUnwrap(hostile.DeserializeJob(), out _, out var payload);

        Assert.Equal(Hostile, payload);
        Assert.False(Trap.Sprung);
    }

    public sealed class Trap
    {
        public Trap() => Sprung = true;

        public static bool Sprung { get; private set; }

        public string Fuse
        {
            get => "";
            set => Sprung = value.Length >= 0;
        }
    }

    internal sealed record OpenArgs(JsonElement? Anything);

    private sealed class OpenMindedJob(Probe probe) : IJob<OpenArgs>
    {
        public Task<JobResult> ExecuteAsync(OpenArgs args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(ctx.ArgumentsJson!);
            return Task.FromResult(JobResult.Success(output: args.Anything));
        }
    }
}
