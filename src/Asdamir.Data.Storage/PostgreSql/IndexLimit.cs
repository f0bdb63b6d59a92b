using System.Text;
using Asdamir.Data.Storage.Engine.Writes;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Explains the refusal of a key that is too long. An index of PostgreSQL accepts entries up to a third of a page, after compression,
/// so only the server can decide.
/// </summary>
internal static class IndexLimit
{
    private const int ShownLength = 100;

    public static ArgumentException Error(PostgresException exception, IReadOnlyList<WriteSet> sets)
    {
        var (what, text) = sets.SelectMany(Texts).MaxBy(static candidate => Encoding.UTF8.GetByteCount(candidate.Text));
        return new ArgumentException(
            $"{what} has {Encoding.UTF8.GetByteCount(text ?? "")} bytes and begins with '{Shown(text)}'; PostgreSQL stores it in an index, "
            + $"which accepts about 2,700 bytes ({exception.MessageText}). Nothing was written. Fix: use a shorter text, such as a "
            + "hash, and keep the long one in a value of a hash.",
            exception);
    }

    private static IEnumerable<(string What, string Text)> Texts(WriteSet set)
    {
        foreach (var write in set.Data)
        {
            yield return ("The key of a set, hash or list", write.Key);
            if (write.Member is { } member)
            {
                yield return ($"A {(write.Change == DataChange.HashPut ? "field of the hash" : "value of the set")} '{Shown(write.Key)}'",
                    member);
            }
        }
        foreach (var key in set.Counters.Keys)
            yield return ("The key of a counter", key);
        foreach (var (queue, _) in set.Enqueued)
            yield return ("The name of a queue", queue);
        foreach (var job in set.Jobs)
        {
            if (job.State is { } state)
                yield return ("The name of a state", state.Name);
            if (job.New is { } created)
                yield return ("The name of a job", created.Name);
            foreach (var key in job.TakenKeys)
                yield return ("The key of a job, with its scope,", key.Text);
        }
        foreach (var (_, name) in set.Notes.Keys)
            yield return ("The name of a note", name);
    }

    private static string Shown(string? text) => text is { Length: > ShownLength } ? text[..ShownLength] + "…" : text ?? "";
}
