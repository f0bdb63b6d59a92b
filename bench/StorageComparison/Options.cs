using System.Globalization;

namespace StorageComparison;

internal sealed record Options(
    string ConnectionString, int Rounds, int Jobs, int Workers, List<int> Processes, List<int> Growth, int Monitoring,
    List<string> Storages)
{
    /// <summary>Whether something is measured on PostgreSQL and no server was named.</summary>
    public bool NeedsServer => ConnectionString.Length == 0
        && (Growth.Count > 0 || Monitoring > 0 || Storages.Contains(Candidate.PostgreSql)
            || Storages.Contains(Candidate.HangfirePostgreSql));

    public static Options Parse(string[] args)
    {
        var values = args.Chunk(2).Where(static pair => pair.Length == 2).ToDictionary(static pair => pair[0], static pair => pair[1]);
        List<string> Texts(string name, params List<string> fallback) =>
            values.TryGetValue(name, out var text) ? [.. text.Split(',')] : fallback;
        List<int> Numbers(string name) => Texts(name).ConvertAll(static text => int.Parse(text, CultureInfo.InvariantCulture));
        int Number(string name, int fallback) => Numbers(name) is [var number] ? number : fallback;
        return new Options(
            values.GetValueOrDefault("--connection", ""), Number("--rounds", 5), Number("--jobs", 20_000), Number("--workers", 20),
            Numbers("--processes"), Numbers("--growth"), Number("--monitoring", 0),
            Texts("--only", Candidate.HangfirePostgreSql, Candidate.PostgreSql, Candidate.Sqlite, Candidate.InMemory));
    }
}
