using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Answers <see cref="IJobPauses"/>.</summary>
internal sealed class JobPauses(StorageEngine engine)
{
    // An index holds them, whatever the characters.
    private const int MaxName = 400;
    private const int MaxReason = 500;

    public JobPause Put(JobPauseKind kind, string name, string? reason, string? by, DateTimeOffset? until)
    {
        Check(name);
        reason = reason?.Trim();
        if (reason?.Length > MaxReason)
        {
            throw new ArgumentException(
                $"The reason has {reason.Length} characters, and {MaxReason} are allowed. Fix: use a shorter one.", nameof(reason));
        }
        var end = until is { } time ? Micros.Of(time.UtcDateTime) : (long?)null;
        return PauseTable.Put(engine.Database, kind, name, reason is "" ? null : reason, by, end)
            ?? throw new ArgumentException(
                $"The pause of '{name}' would end at {until!.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, which has passed by the clock of "
                    + "the database. Nothing was changed. Fix: use a time in the future, or none.",
                nameof(until));
    }

    // A call whose answer was lost may have removed it, so workers are woken in any case.
    public bool Remove(JobPauseKind kind, string name)
    {
        Check(name);
        var wasPaused = PauseTable.Remove(engine.Database, kind, name);
        engine.WakeEverywhere([StorableText.Of(name)]);
        return wasPaused;
    }

    private static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxName)
        {
            throw new ArgumentException(
                $"The name of what is paused has {name.Length} characters, and {MaxName} are allowed. Fix: use the name of a queue.",
                nameof(name));
        }
    }
}
