using System.Globalization;

namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>The setting is zero or more.</summary>
internal sealed class CountAttribute(string fix) : SettingAttribute(fix)
{
    protected override string? FaultOf(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture) < 0 ? "is below zero" : null;
}
