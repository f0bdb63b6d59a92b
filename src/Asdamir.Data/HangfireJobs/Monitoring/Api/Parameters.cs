using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Reads and checks parameters of requests.</summary>
internal static class Parameters
{
    public const int MaxText = 200;

    public static JobListFilter Filter(IQueryCollection query, IJobMonitor monitor) => Filter(
        monitor, query["state"], query["app"], query["name"], query["from"], query["to"], query["q"], query["fingerprint"]) with
    {
        OldestFirst = Text("sort", query["sort"]) switch
        {
            null or "newest" => false,
            "oldest" => true,
            _ => throw new InvalidParameterException("sort", "is not one of newest, oldest"),
        },
        Retries = Flag("retries", query["retries"]),
    };

    public static JobListFilter Filter(
        IJobMonitor monitor, string? state, string? app, string? name, string? from, string? to, string? text,
        string? fingerprint)
    {
        var filter = new JobListFilter
        {
            State = State("state", state),
            App = App(monitor, app),
            Name = Text("name", name),
            From = Time("from", from),
            To = Time("to", to),
            Text = Text("q", text),
            Fingerprint = Text("fingerprint", fingerprint),
        };
        return filter.From > filter.To ? throw new InvalidParameterException("to", "is before 'from'") : filter;
    }

    /// <exception cref="InvalidParameterException">Another app is asked for than the one that is shown.</exception>
    public static string? App(IJobMonitor monitor, string? text)
    {
        var wanted = Text("app", text);
        return monitor.App is null || wanted is null || wanted == monitor.App ? monitor.App ?? wanted
            : throw new InvalidParameterException("app", $"is not '{monitor.App}', and this app's API shows nothing else");
    }

    /// <returns><see langword="null"/> when it is not given.</returns>
    public static JobState? State(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : StateOf(text) ?? throw new InvalidParameterException(name, $"is not one of {string.Join(", ", Enum.GetNames<JobState>())}");

    // By its name: two of them, with a comma, would be parsed and added up to a third one.
    /// <returns><see langword="null"/> when it is none.</returns>
    public static JobState? StateOf(string text) =>
        Enum.GetValues<JobState>().Cast<JobState?>()
            .FirstOrDefault(state => state.ToString()!.Equals(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// A part of the path, counted from its end. Routing leaves an encoded slash as it is, and ids of recurring jobs may have one.
    /// </summary>
    public static string PathSegment(HttpContext http, int fromEnd)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return Uri.UnescapeDataString(target.Split('?')[0].TrimEnd('/').Split('/')[^(fromEnd + 1)]);
    }

    public static int Number(string name, string? text, int fallback, int least, int most) =>
        string.IsNullOrEmpty(text) ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidParameterException(name, string.Create(CultureInfo.InvariantCulture, $"is not a number from {least} to {most}"));

    public static bool Flag(string name, string? text) =>
        !string.IsNullOrEmpty(text)
        && (bool.TryParse(text, out var value) ? value : throw new InvalidParameterException(name, "is not one of true, false"));

    public static DateTimeOffset? Time(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime()
        : throw new InvalidParameterException(name, "is not a time such as 2026-11-24T02:00:00Z");

    public static string? Text(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : text.Length > MaxText
            ? throw new InvalidParameterException(name, string.Create(CultureInfo.InvariantCulture, $"is longer than {MaxText} characters"))
        // No stored text has it, and databases refuse it.
        : text.Contains('\0', StringComparison.Ordinal) ? throw new InvalidParameterException(name, "has a character 0")
        : text;
}
