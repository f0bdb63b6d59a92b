namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// A transaction that is still open, such as one of a caller, has changed rows that the commit changes, too; nothing was written.
/// </summary>
internal sealed class RowsInUseException()
    : InvalidOperationException("Another transaction has changed the same rows and has not ended; nothing was written.");
