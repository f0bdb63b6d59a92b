using System.Globalization;
using Fleet.Systems;

namespace Fleet;

internal sealed record Options(int Rounds, TimeSpan Time, TimeSpan WarmUp, List<int> Idle, TimeSpan IdleTime, List<string> Systems, bool CountsStatements)
{
    public static Options Parse(string[] args)
    {
        var isShort = args.Contains("--short");
        List<string> Texts(string name, params List<string> fallback) => Array.IndexOf(args, name) is >= 0 and var at ? [.. args[at + 1].Split(',')] : fallback;
        int Number(string name, int normal, int brief) => int.Parse(Texts(name, $"{(isShort ? brief : normal)}")[0], CultureInfo.InvariantCulture);
        return new Options(
            Number("--rounds", 3, 1),
            TimeSpan.FromSeconds(Number("--seconds", 10, 3)),
            TimeSpan.FromSeconds(Number("--warm-up", 5, 2)),
            Texts("--idle", isShort ? ["1"] : ["1", "10"]).ConvertAll(static text => int.Parse(text, CultureInfo.InvariantCulture)),
            TimeSpan.FromSeconds(Number("--idle-seconds", 30, 4)),
            Texts("--only", JobSystems.Asdamir, JobSystems.Hangfire, JobSystems.Quartz),
            args.Contains("--statements"));
    }
}
