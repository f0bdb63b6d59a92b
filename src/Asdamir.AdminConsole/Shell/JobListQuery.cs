using System.Globalization;
using System.Text.Json;
using Asdamir.AdminConsole.Shell.Live;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Shell;

/// <summary>The filter of the jobs page, as it stands in its address. What is left out has its default value.</summary>
public sealed record JobListQuery : ILiveParameter
{
    public const int DefaultSize = 50;
    private const int MaxSize = 200;
    private const int MaxText = 200;
    private const string TimeExample = "2026-11-24T08:30Z";

    public JobState? State { get; init; }

    /// <summary>The app all pages are narrowed to.</summary>
    public string? App { get; init; }

    public string? Queue { get; init; }

    public string? Name { get; init; }

    public string? Text { get; init; }

    /// <summary>The kind of the error.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Whether only jobs are listed that wait for another attempt after an error.</summary>
    public bool Retries { get; init; }

    public DateTime? From { get; init; }

    public DateTime? To { get; init; }

    public bool OldestFirst { get; init; }

    public string? After { get; init; }

    public int Size { get; init; } = DefaultSize;

    /// <summary>What of the address was not understood, and so left out.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    internal JobListFilter Filter =>
        new()
        {
            State = State, App = Queue ?? App, Name = Name, Text = Text, Fingerprint = Fingerprint, Retries = Retries, From = From, To = To,
            OldestFirst = OldestFirst,
        };

    /// <summary>Whether more than the state and the app narrows the list.</summary>
    public bool IsNarrowed => (Queue ?? Name ?? Text ?? Fingerprint) is not null || From is not null || To is not null;

    /// <summary>Whether more than the state narrows the list.</summary>
    public bool IsFiltered => IsNarrowed || App is not null;

    string ILiveParameter.Key => JsonSerializer.Serialize(Parts());

    internal static JobListQuery Of(IQueryCollection query) => Of(name => query[name]);

    internal static JobListQuery Of(IFormCollection form) => Of(name => form[name]);

    /// <summary>The parts of an address, defaults left out.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Parts() =>
        new Dictionary<string, string?>
        {
            ["state"] = State?.ToString(), ["app"] = App, ["queue"] = Queue, ["name"] = Name, ["q"] = Text,
            ["fingerprint"] = Fingerprint, ["retries"] = Retries ? "true" : null, ["from"] = TextOf(From),
            ["to"] = TextOf(To),
            ["sort"] = OldestFirst ? "oldest" : null, ["size"] = Size == DefaultSize ? null : Size.ToString(CultureInfo.InvariantCulture),
            ["after"] = After,
        }.Where(static part => part.Value is not null);

    public static string? TextOf(DateTime? time) => time?.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static DateTime? TimeOf(string? text) =>
        DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    // Enum.TryParse would also accept numbers, and two names with a comma.
    private static JobState? StateOf(string text) =>
        Enum.GetNames<JobState>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<JobState>(text, ignoreCase: true) : null;

    private static int? SizeOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxSize ? size : null;

    private static JobListQuery Of(Func<string, string?> read)
    {
        List<string> faults = [];
        string? Text(string name)
        {
            if (read(name)?.Trim() is not { Length: > 0 } text)
                return null;
            if (text.Length <= MaxText && !text.Any(char.IsControl))
                return text;
            faults.Add(ShellTexts.FormatQueryText(name));
            return null;
        }
        T? Known<T>(string name, Func<string, T?> parse, Func<string, string> fault) where T : struct
        {
            if (Text(name) is not { } text)
                return null;
            if (parse(text) is { } value)
                return value;
            faults.Add(fault(text));
            return null;
        }
        return new JobListQuery
        {
            State = Known("state", StateOf, static text => ShellTexts.FormatQueryState(text, string.Join(", ", Enum.GetNames<JobState>()))),
            App = Text("app"),
            Queue = Text("queue"),
            Name = Text("name"),
            Text = Text("q"),
            Fingerprint = Text("fingerprint"),
            Retries = Text("retries") == "true",
            From = Known("from", static text => TimeOf(text), static text => ShellTexts.FormatQueryTime("from", text, TimeExample)),
            To = Known("to", static text => TimeOf(text), static text => ShellTexts.FormatQueryTime("to", text, TimeExample)),
            OldestFirst = Text("sort") == "oldest",
            After = Text("after"),
            Size = Known("size", SizeOf, static text => ShellTexts.FormatQuerySize(text, MaxSize)) ?? DefaultSize,
            Faults = faults,
        };
    }
}
