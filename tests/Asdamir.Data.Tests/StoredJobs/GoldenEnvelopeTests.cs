using System.Globalization;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.StoredJobs;

/// <summary>The file is what an earlier build has stored. It is never written anew: a change that needs that loses stored jobs.</summary>
public sealed partial class GoldenEnvelopeTests
{
    private static readonly InvocationData Golden =
        InvocationData.DeserializePayload(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "StoredJobs", "Golden", "envelope-v1.json")));

    private static readonly GoldenArgs Args = new(12.50m, new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.FromHours(1)), "ä & <b> \"q\"");

    [Fact]
    public void Wrap_WritesTheGoldenEnvelope_WithTheCurrentBuild()
    {
        var payload = JobPayload.Write(JobArguments.Write(Args, "golden", 1_000), trace: null);
        var current = InvocationData.SerializeJob(JobEnvelope.Wrap("golden", payload, "crm"));

        Assert.Equal(WithoutVersions(Golden.Type), WithoutVersions(current.Type));
        Assert.Equal(Golden.Method, current.Method);
        Assert.Equal(WithoutVersions(Golden.ParameterTypes), WithoutVersions(current.ParameterTypes));
        Assert.Equal("crm", current.Queue);
        Assert.StartsWith("Asdamir.Data.HangfireJobs.JobEnvelope, Asdamir.Data, Version=1.0.0.0,", current.Type, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WritesTheGoldenPayload_ByteForByte()
    {
        JobEnvelope.TryUnwrap(Golden.DeserializeJob(), out _, out var golden);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de-DE");
            var payload = JobPayload.Write(JobArguments.Write(Args, "golden", 1_000), trace: null);

            Assert.Equal(TracePart().Replace(golden!, ""), payload);
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public async Task Execute_RunsTheGoldenEnvelope_OnTheCurrentBuild()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<GoldenJob>(), options => options.AppQueue = "crm");

        var jobId = host.Services.GetRequiredService<IBackgroundJobClient>().Create(Golden.DeserializeJob(), new EnqueuedState());
        var job = await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal("golden", job.JobName);
        Assert.Equal(["12.50|2026-03-01T02:00:00.0000000+01:00|ä & <b> \"q\"|de-DE"], host.Probe.Notes);
    }

    private static string WithoutVersions(string names) => Versions().Replace(names, "");

    [GeneratedRegex(@", Version=[\d.]+")]
    private static partial Regex Versions();

    [GeneratedRegex(""","traceparent":"[^"]+"(?=\})""")]
    private static partial Regex TracePart();

    private sealed record GoldenArgs(decimal Amount, DateTimeOffset Due, string Note);

    [JobName("golden")]
    private sealed class GoldenJob(Probe probe) : IJob<GoldenArgs>
    {
        public string Name => "golden";

        public Task<JobResult> ExecuteAsync(GoldenArgs args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(
                string.Create(CultureInfo.InvariantCulture, $"{args.Amount}|{args.Due:O}|{args.Note}|{CultureInfo.CurrentCulture.Name}"));
            return Task.FromResult(JobResult.Success());
        }
    }
}
