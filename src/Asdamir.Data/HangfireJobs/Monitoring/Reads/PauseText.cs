using System.Globalization;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>A pause in words, after the name of what is paused.</summary>
internal static class PauseText
{
    public static string Of(JobPause pause)
    {
        var since = string.Create(CultureInfo.InvariantCulture, $"since {pause.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        var until = pause.Until is { } end
            ? string.Create(CultureInfo.InvariantCulture, $" until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC")
            : "";
        var by = pause.By is { } user ? $" by {user}" : "";
        var reason = pause.Reason is { } why ? $" ({why})" : "";
        return since + until + by + reason;
    }
}
