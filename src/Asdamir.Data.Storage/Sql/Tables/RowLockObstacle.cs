namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Why the row of a job cannot be marked at this moment.</summary>
internal enum RowLockObstacle
{
    None,

    NoSuchJob,

    /// <summary>Another writer has marked it.</summary>
    OtherWriter,

    /// <summary>A transaction that is still open, such as one of a caller, has changed it.</summary>
    OpenTransaction,
}
