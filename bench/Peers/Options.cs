using System.Globalization;

namespace Peers;

internal sealed record Options(int Rounds, int Jobs, int Workers, int Pickups, List<string> Only)
{
    public static Options Parse(string[] args)
    {
        var values = args.Chunk(2).Where(static pair => pair.Length == 2).ToDictionary(static pair => pair[0], static pair => pair[1]);
        int Number(string name, int fallback) =>
            values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
        return new Options(Number("--rounds", 3), Number("--jobs", 10_000), Number("--workers", 20), Number("--pickups", 100),
            values.TryGetValue("--only", out var only) ? [.. only.Split(',')] : []);
    }
}
