using System.Collections.Concurrent;
using System.Diagnostics;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.Tests.Execution;

public sealed class JobTraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public JobTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == JobTrace.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(false, JobState.Succeeded, ActivityStatusCode.Unset)]
    [InlineData(true, JobState.Failed, ActivityStatusCode.Error)]
    public async Task Execute_ContinuesTheTraceOfTheEnqueuer_InAConsumerSpan(bool fails, JobState state, ActivityStatusCode status)
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<TracedJob>(), options =>
        {
            options.AppQueue = "crm";
            options.Retry.Attempts = 0;
        });
        string jobId;
        ActivityTraceId traceId;
        using (var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            traceId = request.TraceId;
            jobId = host.Jobs.Enqueue<TracedJob, bool>(fails);
        }

        await host.WaitForAsync(jobId, state);
        await Until.TrueAsync(() => Span(jobId, ActivityKind.Consumer) is not null, "the consumer span ends");

        var producer = Span(jobId, ActivityKind.Producer)!;
        var consumer = Span(jobId, ActivityKind.Consumer)!;
        Assert.Equal((traceId, traceId), (producer.TraceId, consumer.TraceId));
        Assert.Equal(producer.SpanId, consumer.ParentSpanId);
        Assert.Equal(("enqueue TracedJob", "process TracedJob"), (producer.OperationName, consumer.OperationName));
        Assert.All(new[] { producer, consumer }, span =>
            Assert.Equal(("hangfire", "crm"), (span.GetTagItem("messaging.system"), span.GetTagItem("messaging.destination.name"))));
        Assert.Equal(
            ("enqueue", "send"), (producer.GetTagItem("messaging.operation.name"), producer.GetTagItem("messaging.operation.type")));
        Assert.Equal(
            ("process", "process"), (consumer.GetTagItem("messaging.operation.name"), consumer.GetTagItem("messaging.operation.type")));
        Assert.Equal((status, fails ? "System.InvalidOperationException" : null), (consumer.Status, consumer.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Execute_ContinuesTheTrace_OfAnEnqueuerInAnotherProcess()
    {
        var storage = new SharedStorage();
        string jobId;
        await using (var enqueuer = await JobHost.StartClientAsync(jobs => jobs.AddJob<TracedJob>().UseStorage(_ => storage)))
            jobId = enqueuer.Jobs.Enqueue<TracedJob, bool>(false);
        await using var worker = await JobHost.StartAsync(jobs => jobs.AddJob<TracedJob>().UseStorage(_ => storage));

        await worker.WaitForAsync(jobId, JobState.Succeeded);
        await Until.TrueAsync(() => Span(jobId, ActivityKind.Consumer) is not null, "the consumer span ends");

        var producer = Span(jobId, ActivityKind.Producer)!;
        var consumer = Span(jobId, ActivityKind.Consumer)!;
        Assert.Equal((producer.TraceId, producer.SpanId, true), (consumer.TraceId, consumer.ParentSpanId, consumer.HasRemoteParent));
    }

    private Activity? Span(string jobId, ActivityKind kind) =>
        _spans.FirstOrDefault(span =>
            span.Kind == kind && (string?)span.GetTagItem("asdamir.job.name") == nameof(TracedJob)
                && (string?)span.GetTagItem("messaging.message.id") == jobId);

    private sealed class TracedJob : IJob<bool>
    {
        public Task<JobResult> ExecuteAsync(bool args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(args ? JobResult.Failure(new InvalidOperationException("failed")) : JobResult.Success());
    }
}
