using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>The hosts of a connection string: one server, or a primary and its standbys.</summary>
// Compiled into Asdamir.Data, too: OpenAPI documents cannot be built from two members of one name that have XML docs.
internal static class PostgreSqlHosts
{
    private const char Separator = ',';

    public static bool AreSeveral(NpgsqlConnectionStringBuilder settings) =>
        settings.Host is { } hosts && hosts.Contains(Separator, StringComparison.Ordinal);

    // A name that starts with a slash is the folder of a socket, one that starts with an at sign an abstract socket.
    public static bool AreReachedByTcp(NpgsqlConnectionStringBuilder settings) =>
        !(settings.Host ?? "").Split(Separator).Any(static host => host.Trim() is ['/' or '@', ..]);

    // Their names and ports, for messages.
    public static string NamesOf(NpgsqlConnectionStringBuilder settings) =>
        string.Join(Separator, (settings.Host ?? "").Split(Separator).Select(host => HasPort(host) ? host : $"{host}:{settings.Port}"));

    // Which of several hosts is used; the primary unless the connection string chooses.
    public static TargetSessionAttributes RoleOf(NpgsqlConnectionStringBuilder settings) =>
        settings.TargetSessionAttributes is { } role
            ? Enum.Parse<TargetSessionAttributes>(role.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)
            : TargetSessionAttributes.Primary;

    // What is wrong with the chosen role, as in "Target Session Attributes = 'any' …"; null if nothing is.
    public static string? FaultOf(NpgsqlConnectionStringBuilder settings) => (AreSeveral(settings), RoleOf(settings)) switch
    {
        (true, TargetSessionAttributes.Primary or TargetSessionAttributes.ReadWrite) => null,
        (true, _) => "allows standbys, which accept no writes",
        (false, TargetSessionAttributes.Any) => null,
        _ => settings.TargetSessionAttributes is null ? null : "chooses among several hosts, but one is named",
    };

    // An IPv6 address has colons, too; in brackets it may have a port.
    private static bool HasPort(string host) =>
        host.LastIndexOf(':') is var colon and > 0
        && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']');
}
