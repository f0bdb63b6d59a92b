using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>Opens connections: to the server, or among several to the one that is the primary now.</summary>
internal sealed class PostgreSqlSource : IDisposable
{
    private readonly NpgsqlMultiHostDataSource? _hosts;
    private readonly NpgsqlDataSource _source;

    public PostgreSqlSource(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (PostgreSqlHosts.AreSeveral(settings))
        {
            _hosts = builder.BuildMultiHost();
            _source = _hosts.WithTargetSession(PostgreSqlHosts.RoleOf(settings));
        }
        else
        {
            _source = builder.Build();
        }
    }

    public NpgsqlConnection Open()
    {
        try
        {
            return _source.OpenConnection();
        }
        catch (NpgsqlException exception) when (WasStale(exception))
        {
            return _source.OpenConnection();
        }
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (WasStale(exception))
        {
            return await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes all idle connections.</summary>
    public void Clear() => _source.Clear();

    public void Dispose()
    {
        _source.Dispose();
        _hosts?.Dispose();
    }

    // The driver remembers which host is the primary, and which does not answer. After a failure that may be wrong, so it is forgotten;
    // when no host was even tried because of it, they are tried now.
    private bool WasStale(NpgsqlException exception)
    {
        _hosts?.ClearDatabaseStates();
        return _hosts is not null && exception.InnerException is null && exception is not PostgresException;
    }
}
