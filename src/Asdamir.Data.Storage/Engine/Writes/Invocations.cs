using System.Collections.Concurrent;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Writes what many jobs have in common before the first job of this process that refers to it, outside of any commit: it stays when the
/// job does not, and no commit waits for one of another process that writes the same.
/// </summary>
internal sealed class Invocations(SqlDatabase database)
{
    private readonly ConcurrentDictionary<long, bool> _written = new();

    public void Write(NewJob job)
    {
        if (_written.ContainsKey(job.InvocationId))
            return;
        using var session = database.Write();
        InvocationTable.Write(session, job.InvocationId, job.Invocation);
        _written[job.InvocationId] = true;
    }
}
