namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>The setting is a duration from zero to a number of days.</summary>
internal sealed class DurationAttribute(int longestDays, string fix) : SettingAttribute(fix)
{
    /// <summary>Whether zero is allowed. The default value is <see langword="true"/>.</summary>
    public bool AllowsZero { get; init; } = true;

    protected override string? FaultOf(object value)
    {
        var duration = (TimeSpan)value;
        if (duration >= TimeSpan.Zero && duration <= TimeSpan.FromDays(longestDays) && (AllowsZero || duration > TimeSpan.Zero))
            return null;
        return AllowsZero
            ? $"is not a duration from 00:00:00 to {longestDays} days"
            : $"is not a duration above zero and up to {longestDays} days";
    }
}
