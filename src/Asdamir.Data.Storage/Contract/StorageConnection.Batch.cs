using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Contract;

// A connection of a batch: transactions are collected, and locks are kept until the batch is committed.
internal sealed partial class StorageConnection
{
    public bool HoldsLocks => _namedLocks.Count > 0 || _locks.Any;

    /// <summary>Takes all that was collected. Nothing else may be written through the connection.</summary>
    public WriteSet TakeBatch()
    {
        _pending.MoveTo(_batch!.Set);
        return _batch.Set;
    }

    /// <summary>Adds a workflow, whose jobs the batch creates.</summary>
    public NewWorkflow AddWorkflow(string queue, string name)
    {
        var workflow = new NewWorkflow(NextId(), queue, name, Micros.Now(_engine.Database.Time));
        _batch!.Set.Workflows.Add(workflow);
        return workflow;
    }

    /// <summary>The set of the batch is committed.</summary>
    public void BatchWritten(WriteSet set)
    {
        RememberHolders(set);
        _locks.Applied(set);
    }

    /// <summary>Ends the locks of the batch, and drops what was not committed.</summary>
    public void EndBatch()
    {
        _pending.GiveUp();
        End();
    }
}
