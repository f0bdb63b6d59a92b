using System.Globalization;

namespace StorageComparison;

internal sealed record Options(string ConnectionString, int Rounds, int Jobs, int Workers, int Processes, int Growth, int Monitoring, List<string> Storages)
{
    public static Options Parse(string[] args)
    {
        var values = args.Chunk(2).Where(static pair => pair.Length == 2).ToDictionary(static pair => pair[0], static pair => pair[1]);
        int Number(string name, int fallback) => values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
        var connectionString = values.GetValueOrDefault("--connection", "");
        var all = connectionString.Length == 0
            ? [Candidate.Sqlite, Candidate.InMemory]
            : new List<string> { Candidate.HangfirePostgreSql, Candidate.PostgreSql, Candidate.Sqlite, Candidate.InMemory };
        return new Options(
            connectionString, Number("--rounds", 5), Number("--jobs", 20_000), Number("--workers", 20), Number("--processes", 0), Number("--growth", 0), Number("--monitoring", 0),
            values.TryGetValue("--only", out var only) ? [.. only.Split(',')] : all);
    }
}
