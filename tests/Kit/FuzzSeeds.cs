using System.Globalization;

namespace Kit;

/// <summary>
/// The seeds of the random tests: a few fixed ones, or, with <c>ASDAMIR_FUZZ=N</c>, as many as are asked for. A failure names its seed.
/// </summary>
public static class FuzzSeeds
{
    private const int First = 20261124;

    public static TheoryData<int> Few(int usually) => [.. Enumerable.Range(First, Wanted ?? usually)];

    private static int? Wanted =>
        int.TryParse(Environment.GetEnvironmentVariable("ASDAMIR_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? wanted
            : null;
}
