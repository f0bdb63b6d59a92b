using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A transaction of a caller: what is written through it becomes visible when that commits, or never.</summary>
internal interface ICallersTransaction : ISessions, IWriter
{
    /// <summary>The same as <see cref="IWriter.Write"/>, without a thread that waits.</summary>
    Task WriteAsync(WriteSet set, CancellationToken cancellationToken);

    /// <summary>Lets the database end the transaction when it is idle for too long.</summary>
    void LimitIdleTime();

    void Rollback();
}
