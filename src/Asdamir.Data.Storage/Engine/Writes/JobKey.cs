using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A key as it is stored.</summary>
/// <param name="Text">The kind, the scope and the key, for which there is one row.</param>
/// <param name="Shown">The key as its user wrote it.</param>
/// <param name="ExpireAt">How long it stays taken; <see langword="null"/> for a unique key: as long as its job has not ended.</param>
internal sealed record JobKey(string Text, string Shown, long? ExpireAt)
{
    /// <summary>The keys of a new job. One that is known from an earlier call wins over one that is unique now.</summary>
    public static IReadOnlyList<JobKey> Of(Dictionary<string, string?> parameters, TimeProvider time)
    {
        List<JobKey>? keys = null;
        if (parameters.TryGetValue(JobKeys.IdempotencyParameter, out var text) && JobKeys.IdempotencyOf(text) is { } idempotency)
        {
            var (scope, validFor, key) = idempotency;
            (keys ??= []).Add(new JobKey($"idempotent\n{scope}\n{key}", key, Micros.After(time, validFor)));
        }
        if (UniqueOf(parameters!) is { } unique)
            (keys ??= []).Add(unique);
        return keys ?? (IReadOnlyList<JobKey>)[];
    }

    /// <summary>The unique key among the parameters of a job.</summary>
    public static JobKey? UniqueOf(Dictionary<string, string> parameters) =>
        parameters.TryGetValue(JobKeys.UniqueParameter, out var text) && JobKeys.UniqueOf(text) is { } unique
            ? new JobKey($"unique\n{unique.Scope}\n{unique.Key}", unique.Key, null)
            : null;
}
