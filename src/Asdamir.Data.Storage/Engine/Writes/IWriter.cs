namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>Makes a write set durable: the storage in groups, or the transaction of the caller.</summary>
internal interface IWriter
{
    void Write(WriteSet set);
}
