using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs.Isolation;

/// <summary>The setting is empty or a prefix of recurring ids.</summary>
internal sealed class RecurringIdPrefixAttribute() : SettingAttribute("use the app's code, for example 'crm'")
{
    protected override string? FaultOf(object value) => (string)value is { Length: > 0 } prefix ? Names.FaultOfPrefix(prefix) : null;
}
