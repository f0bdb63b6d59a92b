using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Times in states and recurring jobs, as Hangfire writes them. An invalid time reads as none and does not affect other values.
/// </summary>
internal static class StoredTime
{
    public static DateTime? Read(string? text)
    {
        try
        {
            return JobHelper.DeserializeNullableDateTime(text) is { } time
                ? time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
