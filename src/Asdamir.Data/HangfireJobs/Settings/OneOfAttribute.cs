namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>The setting is one of a few names, in upper or lower case.</summary>
internal sealed class OneOfAttribute(string fix, params string[] names) : SettingAttribute(fix)
{
    protected override string? FaultOf(object value) =>
        names.Contains((string)value, StringComparer.OrdinalIgnoreCase) ? null : "is unknown";
}
