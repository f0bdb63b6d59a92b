using System.Data;
using System.Data.Common;

namespace Asdamir.Data.Storage.Sql;

/// <summary>A borrowed connection; disposing the session returns it.</summary>
internal sealed class Session(
    SqlDatabase database, DbConnection connection, DbTransaction? transaction, Action? release, bool ownsTransaction = true,
    bool readOnly = false) : IDisposable
{
    private bool _committed;

    /// <summary>How long a statement may take; <see langword="null"/> uses the connection string's timeout.</summary>
    public TimeSpan? Timeout { get; set; }

    public int Execute(string sql, params ReadOnlySpan<Parameter> parameters) =>
        Run(sql, static command => command.ExecuteNonQuery(), parameters);

    public List<T> Query<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<Parameter> parameters) => Run(
        sql,
        command =>
        {
            using var reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
                rows.Add(map(reader));
            return rows;
        },
        parameters);

    /// <returns>The first row, or the default value when there is none.</returns>
    public T? First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<Parameter> parameters) => Run(
        sql,
        command =>
        {
            using var reader = command.ExecuteReader();
            return reader.Read() ? map(reader) : default;
        },
        parameters);

    /// <returns>The first number, or <see langword="null"/> when there is no row or no value.</returns>
    public long? Number(string sql, params ReadOnlySpan<Parameter> parameters) =>
        First(sql, static row => row.NumberOrNull(0), parameters);

    public void Commit()
    {
        try
        {
            transaction?.Commit();
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw Unavailable.Error(database, exception, mayBeCommitted: !database.IsRefusal(exception));
        }
        _committed = true;
    }

    public void Dispose()
    {
        try
        {
            if (transaction is not null && ownsTransaction && !_committed)
                RollBack();
        }
        finally
        {
            if (ownsTransaction)
                transaction?.Dispose();
            release?.Invoke();
        }
    }

    // Outside a transaction, a statement that failed with a conflict has changed nothing.
    private T Run<T>(string sql, Func<DbCommand, T> execute, ReadOnlySpan<Parameter> parameters)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var command = Command(sql, parameters);
            try
            {
                return execute(command);
            }
            catch (Exception exception) when (transaction is null && database.IsConflict(exception))
            {
                Conflicts.PauseAfter(attempt, database, exception);
            }
            catch (Exception exception) when (IsUnavailable(exception))
            {
                throw Unavailable.Error(database, exception, MayBeWritten(exception));
            }
        }
    }

    // Drivers report a connection that broke between two statements in different ways.
    private bool IsUnavailable(Exception exception) =>
        database.IsUnavailable(exception) || (exception is InvalidOperationException && connection.State != ConnectionState.Open);

    // Inside a transaction, nothing is written before the commit.
    private bool MayBeWritten(Exception exception) => !readOnly && transaction is null && !database.IsRefusal(exception);

    // A broken connection cannot roll back; its transaction has ended with it.
    private void RollBack()
    {
        try
        {
            transaction!.Rollback();
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
        }
    }

    private DbCommand Command(string sql, ReadOnlySpan<Parameter> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = database.Sql(sql);
        command.Transaction = transaction;
        if (Timeout is { } timeout)
            command.CommandTimeout = (int)Math.Ceiling(timeout.TotalSeconds);
        foreach (var parameter in parameters)
        {
            if (parameter.Value is Array values)
            {
                database.BindArray(command, parameter.Name, values);
                continue;
            }
            var bound = command.CreateParameter();
            bound.ParameterName = parameter.Name;
            bound.DbType = parameter.Type;
            bound.Value = parameter.Value ?? DBNull.Value;
            command.Parameters.Add(bound);
        }
        return command;
    }
}
