using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.CommandLine.Output;

/// <summary>Where the tool writes: results to one stream, errors and progress to the other.</summary>
internal sealed class Terminal
{
    private const string Reset = "\e[0m";
    private const string IsolateText = "\u2068";
    private const string EndOfIsolate = "\u2069";
    private const string Tab = "    ";

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a person sees the output on a terminal; then it has colours, unless NO_COLOR is set.</summary>
    public bool HasColors { get; init; }

    /// <summary>Whether a person sees the errors on a terminal, so that progress can be shown there.</summary>
    public bool ShowsProgress { get; init; }

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        HasColors = !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb",
        ShowsProgress = !Console.IsErrorRedirected,
    };

    public void WriteLine(string text = "") => Out.WriteLine(text);

    public void WriteError(string text) => Error.WriteLine(Safe(text));

    /// <summary>Text that a job, a user or a database wrote: it cannot control the terminal, and fits into one line.</summary>
    public string Safe(string? text)
    {
        var safe = new LogText(text).ToString();
        // Letters written from right to left would otherwise move what stands beside them.
        return HasColors && safe.Any(RightToLeft.Contains) ? IsolateText + safe + EndOfIsolate : safe;
    }

    /// <summary>The same for text of several lines, such as a stack trace.</summary>
    public string SafeLines(string text) =>
        string.Join(
            Environment.NewLine,
            text.ReplaceLineEndings("\n").Replace("\t", Tab, StringComparison.Ordinal).Split('\n').Select(Safe));

    public string Colored(string text, Color color) => HasColors && color != Color.None ? $"\e[{(int)color}m{text}{Reset}" : text;
}
