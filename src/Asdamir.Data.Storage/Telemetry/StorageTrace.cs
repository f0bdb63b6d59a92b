using System.Diagnostics;

namespace Asdamir.Data.Storage.Telemetry;

/// <summary>
/// Traces of commits. A group of commits belongs to many callers, so its span is the root of a trace, with links to theirs; only a
/// large commit, which its caller executes alone, is part of the caller's trace.
/// </summary>
internal static class StorageTrace
{
    public const string SourceName = "Asdamir.Data.Storage";

    // As many as OpenTelemetry keeps by default.
    private const int MaxLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span of the caller, to which its commit will be linked.</summary>
    public static ActivityContext Caller() => Source.HasListeners() ? Activity.Current?.Context ?? default : default;

    public static Activity? StartCommit(StorageTelemetry storage, int commits, IEnumerable<ActivityContext> callers)
    {
        if (!Source.HasListeners())
            return null;
        var tags = storage.Tags();
        tags.Add("db.operation.name", "commit");
        if (commits > 1)
            tags.Add("db.operation.batch.size", commits);
        var links = Activity.Current is not null
            ? null
            : callers.Where(static caller => caller != default).Distinct().Take(MaxLinks).Select(static caller => new ActivityLink(caller));
        return Source.StartActivity(ActivityKind.Client, default, tags, links, name: "commit");
    }

    public static void Fail(Activity? span, Exception exception)
    {
        span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
        span?.SetTag("error.type", exception.GetType().FullName);
    }
}
