using System.Globalization;
using BenchKit;
using Fleet.Systems;

namespace Fleet;

internal sealed record Options(
    int Rounds, TimeSpan Time, TimeSpan WarmUp, List<int> Idle, TimeSpan IdleTime, List<string> Systems, bool CountsStatements,
    bool AreTogether, int JobsOfApp)
{
    public static Options Parse(string[] args)
    {
        var given = new Arguments(args);
        return new Options(
            given.Number("--rounds", 3, 1),
            TimeSpan.FromSeconds(given.Number("--seconds", 10, 3)),
            TimeSpan.FromSeconds(given.Number("--warm-up", 30, 2)),
            given.Texts("--idle", given.IsShort ? ["1"] : ["1", "10"])
                .ConvertAll(static text => int.Parse(text, CultureInfo.InvariantCulture)),
            TimeSpan.FromSeconds(given.Number("--idle-seconds", 30, 4)),
            given.Texts("--only", JobSystems.Asdamir, JobSystems.Hangfire, JobSystems.Quartz),
            given.Has("--statements"),
            given.Has("--together"),
            given.Number("--jobs", 60, 1));
    }
}
