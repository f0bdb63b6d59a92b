using Asdamir.Data.HangfireJobs;
using BenchKit;
using Microsoft.Extensions.DependencyInjection;

namespace Recovery;

/// <summary>A fault again and again on one database.</summary>
internal static class Series
{
    /// <returns>Seconds for each job of each time.</returns>
    public static async Task<List<double>> RunAsync(BenchServer server, string provider, Fault fault, int times)
    {
        using var place = await Place.NewAsync(provider, server);
        using var client = App.Build(place.Settings(workers: 0));
        await client.StartAsync();
        var trial = new Trial(place, client.Services.GetRequiredService<IHangfireJobService>(), fault);
        List<double> all = [];
        for (var time = 1; time <= times; time++)
        {
            var seconds = await trial.RunAsync();
            Console.Error.WriteLine($"{time}/{times} {Faults.NameOf(fault)}, {provider}: {seconds.Max():F1} s");
            all.AddRange(seconds);
        }
        await client.StopAsync();
        return all;
    }
}
