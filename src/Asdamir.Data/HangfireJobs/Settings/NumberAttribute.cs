using System.Globalization;

namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>The setting is a number between two limits, which are both allowed.</summary>
internal sealed class NumberAttribute(double smallest, double largest, string fix) : SettingAttribute(fix)
{
    protected override string? FaultOf(object value) =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number >= smallest && number <= largest
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"is not a number from {smallest} to {largest}");
}
