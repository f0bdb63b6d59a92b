using System.Globalization;

namespace BenchKit;

/// <summary>Processor time and written bytes of processes, as the kernel counts them.</summary>
public static class Processor
{
    private const double TicksPerSecond = 100;

    /// <returns>Seconds of the process, its ended children, and its running children.</returns>
    public static double Seconds(int process) => Fields(process) is { } own
        ? (Ticks(own, 11, 4) + Children(process).Sum(static child => Ticks(child, 11, 2))) / TicksPerSecond
        : 0;

    /// <returns>Bytes that the process sent to the storage layer.</returns>
    public static long WrittenBytes(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/io").First(static line => line.StartsWith("write_bytes", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);

    public static int Parent(int process) => int.Parse(Fields(process)![1], CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Children(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(static directory => int.TryParse(Path.GetFileName(directory), out var process) ? Fields(process) : null)
        .Where(fields => fields is not null && fields[1] == $"{parent}")!;

    private static double Ticks(string[] fields, int first, int count) =>
        fields[first..(first + count)].Sum(static field => double.Parse(field, CultureInfo.InvariantCulture));

    /// <returns>From the state on, which follows the name in brackets; <see langword="null"/> when the process has ended.</returns>
    private static string[]? Fields(int process)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[(status.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
