using System.Text.RegularExpressions;

namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>The setting matches a regular expression.</summary>
internal sealed class PatternAttribute(string pattern, string fault, string fix) : SettingAttribute(fix)
{
    private readonly Regex _pattern = new(pattern, RegexOptions.CultureInvariant);

    protected override string? FaultOf(object value) => _pattern.IsMatch((string)value) ? null : fault;
}
