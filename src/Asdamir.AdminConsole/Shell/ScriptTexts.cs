using System.Text.Json;

namespace Asdamir.AdminConsole.Shell;

/// <summary>The texts that the script shows, in the language of the page.</summary>
internal static class ScriptTexts
{
    public static string Json => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["close"] = ShellTexts.Close,
        ["copied"] = ShellTexts.Copied,
        ["copyRefused"] = ShellTexts.CopyRefused,
        ["copy"] = Controls.ControlsTexts.Copy,
        ["dataFrom"] = ShellTexts.DataFrom,
        ["live"] = ShellTexts.Live,
        ["noAnswer"] = ShellTexts.NoAnswer,
        ["noData"] = ShellTexts.LiveNoData,
        ["now"] = ShellTexts.Now,
        ["paused"] = ShellTexts.LivePaused,
        ["reconnecting"] = ShellTexts.LiveReconnecting,
        ["selected"] = ShellTexts.Selected,
        ["signedOut"] = ShellTexts.LiveSignedOut,
        ["silent"] = ShellTexts.LiveSilent,
        ["storage"] = ShellTexts.LiveStorage,
        ["timeHint"] = ShellTexts.TimeHint,
        ["tooMany"] = ShellTexts.LiveTooMany,
    });
}
