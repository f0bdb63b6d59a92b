using System.Globalization;

namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>The one form of a message about a setting: its key, its value, what is wrong, and the fix.</summary>
internal static class SettingFault
{
    /// <param name="key">The full path in the configuration.</param>
    /// <param name="value">The value, as it was configured.</param>
    /// <param name="fault">What is wrong, as the rest of a sentence that begins with the key.</param>
    /// <param name="fix">What to do, in the imperative.</param>
    public static string Of(string key, object value, string fault, string fix) =>
        $"{key} = {ShownSetting.Of(Convert.ToString(value, CultureInfo.InvariantCulture)!)} {fault}. Fix: {fix}.";

    /// <summary>The message for a setting whose value may be a secret.</summary>
    public static string OfSecret(string key, string fault, string fix) => $"{key} {fault}. Fix: {fix}.";
}
