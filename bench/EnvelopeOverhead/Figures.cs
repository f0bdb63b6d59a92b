using System.Globalization;

namespace EnvelopeOverhead;

internal sealed record Figures(double EnqueuedPerSecond, double ProcessedPerSecond)
{
    public const int WorkerCount = 20;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{EnqueuedPerSecond:F0}/s in, {ProcessedPerSecond:F0}/s out");
}
