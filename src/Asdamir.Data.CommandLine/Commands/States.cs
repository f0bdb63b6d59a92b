using Asdamir.Data.CommandLine.Output;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>The colours of states.</summary>
internal static class States
{
    public static Color ColorOf(string state) => state switch
    {
        "Failed" or "Died" => Color.Red,
        "Succeeded" or "Running" => Color.Green,
        "Processing" => Color.Cyan,
        "Deleted" or "Stopped" => Color.Gray,
        "Silent" => Color.Yellow,
        _ => Color.None,
    };
}
