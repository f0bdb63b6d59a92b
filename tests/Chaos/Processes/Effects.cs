using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Chaos.Processes;

/// <summary>What jobs write in the transactions in which they end: a row for each.</summary>
public sealed class Effects(IConfiguration configuration)
{
    public const string Table = "effect";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly string _connectionString =
        $"{configuration["HangfireJobs:Storage:ConnectionString"]};Target Session Attributes=primary";

    /// <summary>Whether the storage of an app can do that.</summary>
    public static bool ArePossible(IConfiguration configuration) => configuration["HangfireJobs:Storage:Provider"] == "PostgreSql";

    /// <summary>Ends a job in a transaction. An outage before the commit is waited for; one in the commit fails the attempt.</summary>
    public async Task WriteAsync(IJobContext ctx, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(_connectionString);
                await connection.OpenAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await using var command = new NpgsqlCommand($"INSERT INTO {Table} (job_id) VALUES ($1)", connection, transaction);
                command.Parameters.Add(new NpgsqlParameter { Value = ctx.JobId });
                await command.ExecuteNonQueryAsync(ct);
                await ctx.CompleteInAsync(transaction, ct: ct);
                await CommitAsync(transaction);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or JobStorageUnavailableException)
            {
                await Task.Delay(Pause, ct);
            }
        }
    }

    private static async Task CommitAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException("Whether it was committed is unknown.", exception);
        }
    }
}
