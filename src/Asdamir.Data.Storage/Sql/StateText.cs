using System.Globalization;

namespace Asdamir.Data.Storage.Sql;

/// <summary>
/// The data of a state as it is stored: a JSON object; or, for the states that every job passes through, only what the name and the time
/// of the state do not tell: how the data writes its time, how many microseconds that is earlier, and the other values, as
/// <c>735⇥server⇥worker</c>. A state with an exception begins with its <see cref="ErrorFingerprint"/>.
/// </summary>
internal static class StateText
{
    /// <summary>How the text of a state with an exception begins, up to its fingerprint.</summary>
    public const string FingerprintHead = $"{{\"{ErrorFingerprint.Field}\":\"";

    /// <summary>The place of the first character of the fingerprint in that text, and its length, as SQL has them.</summary>
    public const string FingerprintPlace = "17, 16";

    private const char Separator = '\t';
    private const char AsMilliseconds = 'm';

    // The first is the time. Only the first of the others may contain the separator.
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["Enqueued"] = ["EnqueuedAt", "Queue"],
        ["Processing"] = ["StartedAt", "ServerId", "WorkerId"],
        ["Succeeded"] = ["SucceededAt", "PerformanceDuration", "Latency"],
    };

    /// <param name="name">The name of the state.</param>
    /// <param name="at">The time of the state.</param>
    /// <param name="data">Its data.</param>
    public static string Write(string name, long at, IDictionary<string, string?>? data) =>
        data is not null && Keys.TryGetValue(name, out var keys) && data.Keys.SequenceEqual(keys, StringComparer.Ordinal)
            && TimeText(at, data[keys[0]]) is { } time && data.Values.All(static value => value is not null)
            && !data.Values.Skip(2).Any(static value => value!.Contains(Separator, StringComparison.Ordinal))
            ? StorableText.Of(string.Join(Separator, data.Values.Skip(1).Prepend(time)))
            : Json.Write(WithFingerprint(data));

    /// <summary>The data of Deleted, which <see cref="Write"/> would write as JSON.</summary>
    public static string Deleted(long at) =>
        Json.Write([KeyValuePair.Create<string, string?>("DeletedAt", Micros.ToUtc(at).ToString("O", CultureInfo.InvariantCulture))]);

    /// <remarks>Anything else reads as empty: one corrupt row must not make a list unreadable.</remarks>
    public static Dictionary<string, string> Read(string? name, long? at, string? text)
    {
        if (name is null || text is not { Length: > 0 } || text[0] == '{' || !Keys.TryGetValue(name, out var keys))
            return Json.Read(text);
        var end = text.IndexOf(Separator, StringComparison.Ordinal);
        if (end < 0 || Time(at ?? 0, text.AsSpan(0, end)) is not { } time)
            return [];
        var rest = text[(end + 1)..];
        var values = new string[keys.Length];
        values[0] = time;
        for (var i = keys.Length - 1; i > 1; i--)
        {
            end = rest.LastIndexOf(Separator);
            if (end < 0)
                return [];
            values[i] = rest[(end + 1)..];
            rest = rest[..end];
        }
        values[1] = rest;
        return keys.Zip(values).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string?>>? WithFingerprint(IDictionary<string, string?>? data)
    {
        if (data is null || !data.ContainsKey("ExceptionType"))
            return data;
        var fingerprint = ErrorFingerprint.Of(Value("ExceptionType"), Value("ExceptionMessage"), Value("ExceptionDetails"));
        return data.Where(static part => part.Key != ErrorFingerprint.Field)
            .Prepend(KeyValuePair.Create<string, string?>(ErrorFingerprint.Field, fingerprint));

        string? Value(string name) => data.TryGetValue(name, out var value) ? value : null;
    }

    // As Hangfire writes times, since version 1.7 or before; the digit is the one that microseconds lack.
    private static string? TimeText(long at, string? value)
    {
        long own;
        char format;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= at / 1000)
            (own, format) = (milliseconds == at / 1000 ? at : milliseconds * 1000, AsMilliseconds);
        else if (DateTime.TryParseExact(value, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
            (own, format) = (Micros.Of(time), (char)('0' + (time.Ticks % TimeSpan.TicksPerMicrosecond)));
        else
            return null;
        var text = own == at ? $"{format}" : string.Create(CultureInfo.InvariantCulture, $"{format}{at - own}");
        return own <= at && Time(at, text) == value ? text : null;
    }

    private static string? Time(long at, ReadOnlySpan<char> text)
    {
        var earlier = 0L;
        if (text.Length == 0
            || (text.Length > 1 && !long.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out earlier)))
        {
            return null;
        }
        return text[0] switch
        {
            AsMilliseconds => ((at - earlier) / 1000).ToString(CultureInfo.InvariantCulture),
            >= '0' and <= '9' => Micros.ToUtc(at - earlier).AddTicks(text[0] - '0').ToString("O", CultureInfo.InvariantCulture),
            _ => null,
        };
    }
}
