using BenchKit;

namespace Punctuality;

internal sealed record Options(int Jobs, TimeSpan Time, int AtOnce, int Cancelled, bool OnlyCancel)
{
    public static Options Parse(string[] args)
    {
        var given = new Arguments(args);
        return new Options(
            given.Number("--jobs", 300, 50),
            TimeSpan.FromSeconds(given.Number("--seconds", 120, 15)),
            given.Number("--at-once", 50_000, 2_000),
            given.Number("--cancelled", 200, 20),
            given.Has("--cancel"));
    }
}
