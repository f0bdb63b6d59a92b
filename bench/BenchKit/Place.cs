using Kit;

namespace BenchKit;

/// <summary>A new, empty database of either kind, and where the jobs note what they do.</summary>
public sealed class Place : IDisposable
{
    public const string PostgreSql = "PostgreSql";
    public const string Sqlite = "Sqlite";

    private readonly TemporaryFolder _folder = new();

    private Place(string provider) => Provider = provider;

    public string Provider { get; }

    public string ConnectionString { get; private set; } = "";

    public string LedgerPath => _folder.PathOf("ledger");

    /// <param name="provider">Which database.</param>
    /// <param name="server">Where it is, if it is PostgreSQL.</param>
    public static async Task<Place> NewAsync(string provider, BenchServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var place = new Place(provider);
        place.ConnectionString = provider == Sqlite ? place._folder.Sqlite() : (await server.NewDatabaseAsync()).ToString();
        using var ledger = new Ledger(place.LedgerPath);
        return place;
    }

    /// <param name="workers">0 for a process without a server.</param>
    /// <param name="connectionString">Another way to the database.</param>
    public IEnumerable<string> Settings(int workers, string? connectionString = null) =>
        [.. App.Settings("bench", Provider, connectionString ?? ConnectionString, workers), $"--Ledger={LedgerPath}"];

    /// <returns>What was noted, word by word.</returns>
    public List<string[]> Lines() => [.. File.ReadLines(LedgerPath).Select(static line => line.Split(' '))];

    public void Dispose() => _folder.Dispose();
}
