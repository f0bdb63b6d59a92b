using Asdamir.Data.Storage.Engine.Writes;

namespace Asdamir.Data.Storage.Contract;

/// <summary>What the transactions of one connection have written so far, to be committed as one set; and ids for new jobs.</summary>
internal sealed class Batch(Queue<long> ids)
{
    public WriteSet Set { get; } = new();

    public bool TryNextId(out long id) => ids.TryDequeue(out id);
}
