using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>The columns of a new job, the one place that lists them; <see cref="JobRow"/> reads what is needed of them.</summary>
internal static class JobColumns
{
    private const string DefaultQueue = "default";

    public static readonly JobColumn<long?>[] Numbers =
    [
        new("id", static row => row.Id),
        new("version", static row => row.Job.Changes),
        new("created_at", static row => row.New.CreatedAt),
        new("expire_at", static row => row.ExpireAt),
        new("invocation_id", static row => row.New.InvocationId),
        new("state_at", static row => row.Job.State?.At),
        new("enqueued_at", static row => row.IsTold ? row.Job.State!.At : null),
        new("keep_succeeded", static row => row.Retention.Succeeded),
        new("keep_deleted", static row => row.Retention.Deleted),
        new("keep_failed", static row => row.Retention.Failed),
        new("priority", static row => row.New.Place?.Priority),
        new("head_start", static row => row.New.Place?.HeadStart),
        new("fairness", static row => row.New.Place?.Fairness),
    ];

    public static readonly JobColumn<string?>[] Texts =
    [
        new("queue", static row => StorableText.Of(row.New.Invocation.Queue ?? row.EnqueuedIn ?? DefaultQueue)),
        new("name", static row => row.New.Name),
        new("job_queue", static row => row.New.Invocation.Queue),
        new("arguments", static row => StorableText.OrNull(row.New.Invocation.Arguments)),
        new("parameters", static row => row.Parameters),
        new("state", static row => row.Job.State?.Name),
        new("state_reason", static row => row.Job.State?.Reason),
        new("state_data", static row => row.IsTold ? null : row.Job.State?.Data),
        new("enqueued", static row => row.IsTold ? row.Job.State!.Data : null),
        new("limits", static row => row.New.Place?.Limits),
    ];

    public static int Count => Numbers.Length + Texts.Length;

    /// <summary>The numbers, then the texts.</summary>
    public static string Names =>
        string.Join(", ", Numbers.Select(static column => column.Name).Concat(Texts.Select(static column => column.Name)));

    /// <summary>As many positional parameters.</summary>
    public static string Values => string.Join(", ", Enumerable.Range(1, Count).Select(static number => $"${number}"));
}

internal sealed record JobColumn<T>(string Name, Func<NewJobRow, T> Value);
