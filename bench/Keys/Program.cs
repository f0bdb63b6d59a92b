using System.Globalization;
using BenchKit;
using Keys;

// What priorities, fairness keys, unique keys, limits and workflows cost: the same trivial jobs with and without, in turns, each in a new
// database.
// The ratio is to jobs without any in the same round.
//   dotnet run -c Release --project bench/Keys -- [--jobs 20000] [--rounds 5]
//   … --only "a workflow"   plain jobs, and the variants that begin with one of these texts
//   … --short   300 jobs, one round
// Starts its own PostgreSQL server.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var given = new Arguments(args);
var (jobs, rounds) = (given.Number("--jobs", 20_000, 300), given.Number("--rounds", 5, 1));
var only = given.Texts("--only");
Variant[] variants = only.Count == 0
    ? Variant.All
    : [Variant.All[0], .. Variant.All.Where(variant => only.Exists(text => variant.Name.StartsWith(text, StringComparison.Ordinal)))];
await using var server = await BenchServer.LaunchAsync();
Console.WriteLine("| database | jobs | enqueued, one by one | ratio | executed | ratio | jobs of the flood before the other key |");
Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
foreach (var provider in new[] { Place.PostgreSql, Place.Sqlite })
{
    // The first round warms up.
    var figures = variants.ToDictionary(static variant => variant, static _ => new List<Figures>());
    for (var round = 0; round <= rounds; round++)
    {
        foreach (var variant in variants)
        {
            using var place = await Place.NewAsync(provider, server);
            var measured = await Measurement.RunAsync(place, variant, jobs);
            if (round > 0)
                figures[variant].Add(measured);
        }
    }
    var plain = figures[Variant.All[0]];
    foreach (var (variant, all) in figures)
    {
        Console.WriteLine(
            $"| {provider} | {variant.Name} | {Median(all, static one => one.Enqueued):N0}/s | {Ratio(all, static one => one.Enqueued):F2} "
                + $"| {Median(all, static one => one.Executed):N0}/s | {Ratio(all, static one => one.Executed):F2} "
                + $"| {(variant.Floods ? $"{Median(all, static one => one.BeforeOther):N0}" : "")} |");
    }

    double Ratio(List<Figures> all, Func<Figures, double> figure) =>
        all.Zip(plain, (one, other) => figure(one) / figure(other)).Order().ElementAt(all.Count / 2);
}

static double Median(List<Figures> all, Func<Figures, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);
