using System.Globalization;
using Hangfire;
using StorageComparison;

// Storages side by side in one run: the same jobs, workers and threads, alternating; prints medians and ratios.
//   dotnet run -c Release --project bench/StorageComparison -- --connection "Host=…" [--rounds 5] [--jobs 20000] [--workers 20] [--only name,name]
var options = Options.Parse(args);
GlobalConfiguration.Configuration.UseNoOpLogProvider();
ThreadPool.SetMinThreads(100, 100);

var folder = Directory.CreateTempSubdirectory("storage-comparison").FullName;
try
{
    var candidates = options.Storages.ConvertAll(name => Candidate.Of(name, options.ConnectionString, folder));
    var results = candidates.ToDictionary(static candidate => candidate.Name, static _ => new Dictionary<string, List<double>>());
    for (var round = 0; round <= options.Rounds; round++)
    {
        foreach (var candidate in candidates)
        {
            // Slow storages get fewer jobs, so that all of them take about as long.
            var jobs = candidate.Name == Candidate.HangfirePostgreSql ? options.Jobs / 10 : options.Jobs;
            foreach (var (measure, run) in new (string, Func<JobStorage, double>)[]
            {
                ("enqueue one by one", storage => Measurements.EnqueueOneByOne(storage, jobs)),
                ("enqueue many", storage => Measurements.EnqueueMany(storage, jobs)),
                ($"process, {options.Workers} workers", storage => Measurements.Process(storage, jobs, options.Workers)),
            })
            {
                var storage = candidate.Open();
                double figure;
                string costs;
                try
                {
                    var before = Costs.Read(options.ConnectionString);
                    figure = run(storage);
                    costs = Costs.Read(options.ConnectionString).Since(before, jobs);
                }
                finally
                {
                    (storage as IDisposable)?.Dispose();
                }
                // The first round warms up.
                if (round == 0)
                    continue;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {round}/{options.Rounds} {candidate.Name,-22} {measure,-22} {figure,9:F0}/s  {costs}"));
                if (!results[candidate.Name].TryGetValue(measure, out var figures))
                    results[candidate.Name].Add(measure, figures = []);
                figures.Add(figure);
            }
        }
    }
    Report.Print(results);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
