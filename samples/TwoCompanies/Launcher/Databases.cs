using Npgsql;

namespace TwoCompanies.Launcher;

/// <summary>A database for each company, created when missing.</summary>
internal static class Databases
{
    /// <returns>The connection string of each company's database, by the company's code.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> CreateAsync(string server, CancellationToken stop)
    {
        await using var postgres = NpgsqlDataSource.Create(server);
        Dictionary<string, string> databases = [];
        foreach (var company in Company.All)
        {
            await using var exists = postgres.CreateCommand("select 1 from pg_database where datname = $1");
            exists.Parameters.AddWithValue(company.Code);
            if (await exists.ExecuteScalarAsync(stop) is null)
            {
                await using var create = postgres.CreateCommand($"create database \"{company.Code}\"");
                await create.ExecuteNonQueryAsync(stop);
            }
            databases[company.Code] = new NpgsqlConnectionStringBuilder(server) { Database = company.Code }.ConnectionString;
        }
        return databases;
    }
}
