using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs.Isolation;

/// <summary>The setting is empty or the name of a queue.</summary>
internal sealed class QueueNameAttribute() : SettingAttribute("")
{
    private const string Example = "crm";

    protected override string? FaultOf(object value) => (string)value is { Length: > 0 } queue ? Names.FaultOfQueue(queue) : null;

    protected override string FixFor(object value) => $"use for example '{Suggest((string)value)}'";

    private static string Suggest(string queue)
    {
        if (ShownSetting.MayBeSecret(queue))
            return Example;
        var allowed = queue.ToLowerInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '-');
        var cleaned = string.Concat(allowed).Trim('-');
        return cleaned.Length == 0 ? Example : cleaned[..Math.Min(cleaned.Length, Names.MaxQueueLength)];
    }
}
