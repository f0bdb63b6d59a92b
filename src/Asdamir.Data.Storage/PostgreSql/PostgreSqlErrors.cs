using System.Net.Sockets;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>What errors of the server and of the driver mean.</summary>
internal static class PostgreSqlErrors
{
    private static readonly string[] UnavailableClasses = ["08", "28", "53", "57P"];

    public static bool IsUnavailable(Exception exception) => exception switch
    {
        // Read-only, such as a standby, not allowed, no such database; connection, login, out of disk, memory or connections, stopping or
        // starting.
        PostgresException { SqlState: var state } => state is "25006" or "42501" or "3D000"
            || Array.Exists(UnavailableClasses, prefix => state.StartsWith(prefix, StringComparison.Ordinal)),
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        _ => false,
    };

    public static JobStorageFault FaultOf(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => state switch
        {
            PostgresErrorCodes.ReadOnlySqlTransaction => JobStorageFault.ReadOnly,
            PostgresErrorCodes.InsufficientPrivilege => JobStorageFault.AccessDenied,
            PostgresErrorCodes.InvalidCatalogName => JobStorageFault.DatabaseMissing,
            PostgresErrorCodes.DiskFull => JobStorageFault.DiskFull,
            PostgresErrorCodes.QueryCanceled => JobStorageFault.TimedOut,
            ['2', '8', ..] => JobStorageFault.SignInRefused,
            ['5', '3', ..] => JobStorageFault.Overloaded,
            ['5', '7', 'P', ..] => JobStorageFault.Restarting,
            _ => JobStorageFault.Other,
        },
        SocketException { SocketErrorCode: SocketError.TimedOut } or TimeoutException => JobStorageFault.TimedOut,
        SocketException or EndOfStreamException => JobStorageFault.Unreachable,
        _ => JobStorageFault.Other,
    };

    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    // A server that is stopping may have committed before it reports that.
    public static bool IsRefusal(Exception exception) =>
        exception is PostgresException { SqlState: var state } && !state.StartsWith("57P", StringComparison.Ordinal)
            && !state.StartsWith("08", StringComparison.Ordinal);
}
