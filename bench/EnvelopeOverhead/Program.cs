using System.Globalization;
using Asdamir.Data.Storage;
using EnvelopeOverhead;
using Hangfire;
using Hangfire.InMemory;
using Npgsql;

// What the envelope costs: the same trivial job as a bare Hangfire job and as an IJob, on the same kind of storage,
// alternating in one process. Prints medians and their ratio.
//   dotnet run -c Release --project bench/EnvelopeOverhead -- [jobs] [rounds] [PostgreSQL connection string]
var jobs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
var connectionString = args.Length > 2 ? args[2] : null;

var folder = Directory.CreateTempSubdirectory("envelope-overhead").FullName;
try
{
    await CompareAsync("InMemory", static () => new InMemoryStorage(), jobs * 2, rounds);
    await CompareAsync("SQLite", () => new SqliteJobStorage($"Data Source={Path.Combine(folder, $"{Guid.NewGuid():n}.db")}"), jobs, rounds);
    if (connectionString is not null)
        await CompareAsync("PostgreSQL", () => NewPostgreSql(connectionString), jobs, rounds);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static async Task CompareAsync(string storage, Func<JobStorage> create, int jobs, int rounds)
{
    List<Figures> bare = [], envelope = [];
    // The first round warms up and is not counted.
    for (var round = 0; round <= rounds; round++)
    {
        var bareStorage = create();
        var one = await BareMeasurement.MeasureAsync(bareStorage, jobs);
        (bareStorage as IDisposable)?.Dispose();
        var other = await EnvelopeMeasurement.MeasureAsync(create(), jobs);
        if (round == 0)
            continue;
        bare.Add(one);
        envelope.Add(other);
        Console.WriteLine($"  {storage} {round}/{rounds}: bare {one}, envelope {other}");
    }
    Print($"{storage}, enqueue", bare, envelope, figures => figures.EnqueuedPerSecond);
    Print($"{storage}, process", bare, envelope, figures => figures.ProcessedPerSecond);
}

static void Print(string what, List<Figures> bare, List<Figures> envelope, Func<Figures, double> figure)
{
    var one = Median(bare, figure);
    var other = Median(envelope, figure);
    var ratios = bare.Zip(envelope, (b, e) => figure(e) / figure(b)).Order().ToList();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-22} bare {one,8:F0}/s   envelope {other,8:F0}/s   ratio {ratios[ratios.Count / 2]:F3} (from {ratios[0]:F3} to "
            + $"{ratios[^1]:F3})"));
}

static double Median(List<Figures> runs, Func<Figures, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);

static JobStorage NewPostgreSql(string connectionString)
{
    using (var connection = new NpgsqlConnection(connectionString))
    {
        connection.Open();
        using var drop = new NpgsqlCommand("drop schema if exists envelope_bench cascade", connection);
        drop.ExecuteNonQuery();
    }
    return new PostgreSqlJobStorage(connectionString, new PostgreSqlJobStorageOptions { Schema = "envelope_bench" });
}
