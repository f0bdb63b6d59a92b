using System.Collections.Concurrent;
using System.Diagnostics;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Telemetry;

[NeedsPostgreSql]
public sealed class StorageTraceOnPostgreSql() : StorageTraceTests(static place => OnPostgreSql(place))
{
    private protected override string Namespace => $"postgres|{Place.Schema}";
}

public sealed class StorageTraceOnSqlite() : StorageTraceTests(static place => OnSqlite(place))
{
    private protected override string Namespace => Path.GetFileName(Place.File);
}

public abstract class StorageTraceTests : OwnStorageTests
{
    private const string SourceName = "Asdamir.Data.Storage.Tests.Trace";
    private static readonly ActivitySource Source = new(SourceName);

    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    protected StorageTraceTests(Func<Place, SqlJobStorage> open) : base(open)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "Asdamir.Data.Storage" or SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private protected abstract string Namespace { get; }

    private List<Activity> Commits => [.. _spans.Where(span => (string?)span.GetTagItem("db.namespace") == Namespace)];

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _listener.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task GroupOfCommits_IsARoot_LinkedToTheSpansOfItsCallers()
    {
        var callers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                Activity.Current = null;
                using var caller = Source.StartActivity("caller")!;
                Client.Create(SampleJobs.Text("secret"), new EnqueuedState());
                return caller.Context;
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        await Until.TrueAsync(
            () => Commits.SelectMany(static commit => commit.Links).Count() == callers.Length, "each call has a span that is linked to it");
        Assert.All(Commits, commit =>
        {
            Assert.Equal(("commit", ActivityKind.Client), (commit.DisplayName, commit.Kind));
            Assert.Equal(default, commit.ParentSpanId);
            Assert.DoesNotContain(callers, caller => caller.TraceId == commit.TraceId);
            Assert.DoesNotContain(commit.TagObjects, static tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal));
        });
        Assert.Equal(
            callers.Select(static caller => caller.SpanId.ToHexString()).Order(),
            Commits.SelectMany(static commit => commit.Links).Select(static link => link.Context.SpanId.ToHexString()).Order());
    }

    [Fact]
    public void LargeCommit_IsPartOfTheTraceOfItsCaller()
    {
        Activity.Current = null;
        using var caller = Source.StartActivity("caller")!;
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        for (var i = 0; i < 1_000; i++)
            transaction.AddToSet("key", $"{i}");

        transaction.Commit();

        var commit = Assert.Single(Commits);
        Assert.Equal((caller.TraceId, caller.SpanId), (commit.TraceId, commit.ParentSpanId));
        Assert.Empty(commit.Links);
    }
}
