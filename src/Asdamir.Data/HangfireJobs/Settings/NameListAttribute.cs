namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>The setting is a list of names that are long enough to mean something.</summary>
internal sealed class NameListAttribute() : SettingAttribute(NameList.Fix)
{
    protected override string? FaultOf(object value) => NameList.FaultOf((string)value);
}
