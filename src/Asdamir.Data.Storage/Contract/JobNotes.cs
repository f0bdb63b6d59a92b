using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Engine.Writes;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Metadata of a job as it is written.</summary>
internal static class JobNotes
{
    public static WriteSet SetOf(long jobId, IReadOnlyDictionary<string, string> notes)
    {
        var set = new WriteSet();
        foreach (var (name, value) in notes)
            set.Notes[(jobId, StorableText.Of(name))] = StorableText.Of(value);
        return set;
    }
}
