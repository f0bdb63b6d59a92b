namespace Asdamir.Data.Storage;

/// <summary>Why a job storage is unavailable, as far as the database and the network say.</summary>
public enum JobStorageFault
{
    /// <summary>Another reason, which the message has.</summary>
    Other,

    /// <summary>No connection: the server is down, its name is unknown, or the network does not reach it.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The server is starting, stopping or restarting.</summary>
    Restarting,

    /// <summary>The server refuses the user or the password.</summary>
    SignInRefused,

    /// <summary>The user may not use the database, the schema or the tables.</summary>
    AccessDenied,

    /// <summary>There is no such database or file.</summary>
    DatabaseMissing,

    /// <summary>The database, or the schema, has no tables of a job storage.</summary>
    TablesMissing,

    /// <summary>The tables are older than this package needs, and it may not update them.</summary>
    TablesOutdated,

    /// <summary>The database can only be read, such as a standby.</summary>
    ReadOnly,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The server has no connection or memory left, or the file is locked.</summary>
    Overloaded,
}
