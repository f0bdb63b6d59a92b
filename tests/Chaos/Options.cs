using System.Globalization;

namespace Chaos;

/// <summary>The command line of the kit.</summary>
/// <param name="Faults">After how many faults it ends; <see langword="null"/> when only the time counts.</param>
/// <param name="Duration">The duration of the whole test, the end included; <see langword="null"/> when only the faults
/// count.</param>
/// <param name="Storage">PostgreSql or Sqlite.</param>
/// <param name="Seed">The order of the faults.</param>
internal sealed record Options(int? Faults, TimeSpan? Duration, string Storage, int Seed)
{
    public static Options Parse(string[] args)
    {
        var values = args.Chunk(2).ToDictionary(static pair => pair[0], static pair => pair[^1], StringComparer.Ordinal);
        int? Number(string name) => values.Remove(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        var (faults, minutes, seed) = (Number("--faults"), Number("--minutes"), Number("--seed"));
        var storage = values.Remove("--storage", out var named) ? named : "PostgreSql";
        if (values.Count > 0 || storage is not ("PostgreSql" or "Sqlite"))
        {
            throw new ArgumentException(
                $"Not understood: {string.Join(' ', values.Keys.DefaultIfEmpty(storage))}. "
                    + "Usage: [--faults 500] [--minutes 3] [--storage PostgreSql|Sqlite] [--seed 1]");
        }
        return new Options(
            faults ?? (minutes is null ? 100 : null), minutes is { } given ? TimeSpan.FromMinutes(given) : null, storage,
            seed ?? Random.Shared.Next());
    }
}
