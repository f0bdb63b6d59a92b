using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using BenchKit;
using Kit;

namespace Recovery;

/// <summary>One fault of one process, whose jobs another process executes again.</summary>
internal sealed class Trial(Place place, IHangfireJobService jobs, Fault fault)
{
    public const string WorkerRole = "worker";
    public const string Victim = "victim";
    private const string Rescuer = "rescuer";
    private const int Workers = 10;
    private const int Jobs = 5;
    private static readonly TimeSpan RenewalOfLease = TimeSpan.FromSeconds(5);

    /// <returns>Seconds for each job.</returns>
    public async Task<List<double>> RunAsync()
    {
        using var wire = new Wire(place.ConnectionString, isUsed: fault == Fault.Silence);
        await using var victim = await StartAsync(Victim, wire.ConnectionString);
        HashSet<string> ids = [.. Enumerable.Range(0, Jobs).Select(_ => jobs.Enqueue<Held>())];
        await Until.TrueAsync(() => Begun(Victim, ids).Count == Jobs, "the victim executes its jobs");
        await using var rescuer = await StartAsync(Rescuer, place.ConnectionString);
        // Both have renewed their leases, and the next renewal is at any distance.
        await Task.Delay(RenewalOfLease + Random.Shared.NextDouble() * RenewalOfLease);
        var at = Stopwatch.GetTimestamp();
        switch (fault)
        {
            case Fault.Kill:
                await victim.KillAsync();
                break;
            case Fault.Suspend:
                victim.Signal("STOP");
                break;
            case Fault.Silence:
                wire.Silence();
                break;
        }
        await Until.TrueAsync(() => Begun(Rescuer, ids).Count == Jobs, "its jobs have begun again");
        await rescuer.StopAsync();
        return Begun(Rescuer, ids).ConvertAll(begun => Stopwatch.GetElapsedTime(at, begun).TotalSeconds);
    }

    private Task<BenchProcess> StartAsync(string part, string connectionString) =>
        BenchProcess.StartAsync([WorkerRole, .. place.Settings(Workers, connectionString), $"--Part={part}"]);

    private List<long> Begun(string part, HashSet<string> ids) =>
    [
        .. place.Lines()
            .Where(line => line is [var by, var id, _] && by == part && ids.Contains(id))
            .Select(static line => long.Parse(line[2], CultureInfo.InvariantCulture)),
    ];
}
