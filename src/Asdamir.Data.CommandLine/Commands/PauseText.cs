using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>A pause, for people.</summary>
internal static class PauseText
{
    public static string Of(JobPause pause) =>
        $"paused{(pause.Until is { } until ? $" until {Times.Of(until)}" : "")}"
            + (pause.By is { } user ? $" by {user}" : "")
            + (pause.Reason is { } reason ? $": {reason}" : "");
}
