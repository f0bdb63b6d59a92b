using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>
/// How arguments and outputs are written and read. Frozen: stored jobs depend on it. System.Text.Json never
/// instantiates a type named in the data, so a hostile <c>$type</c> is just an unknown property.
/// </summary>
internal static class JobArguments
{
    // Keys are the declared and the actual type.
    private static readonly ConcurrentDictionary<(Type, Type), bool> ReadBack = new();

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static byte[] Write<TArgs>(TArgs args, string jobName, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(args);
        var json = Serialize(args, jobName, maxBytes);
        if (!ReadBack.ContainsKey((typeof(TArgs), args.GetType())))
        {
            CheckReadBack(args, json, jobName, maxBytes);
            ReadBack.TryAdd((typeof(TArgs), args.GetType()), true);
        }
        return json;
    }

    public static TArgs Read<TArgs>(JsonElement? args, string jobName)
    {
        if (args is not { } json)
            throw new JobArgumentsException($"The job has no arguments, but job '{jobName}' expects {typeof(TArgs)}.");
        try
        {
            return json.Deserialize<TArgs>(ArgumentJson.Options)
                ?? throw new JobArgumentsException($"The job's arguments are null, but job '{jobName}' expects {typeof(TArgs)}.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new JobArgumentsException(
                $"The stored arguments of job '{jobName}' cannot be read as {typeof(TArgs)}: "
                    + $"{exception.Message} Keep {typeof(TArgs).Name} able to read what earlier builds stored.",
                exception);
        }
    }

    private static byte[] Serialize<TArgs>(TArgs args, string jobName, int maxBytes)
    {
        try
        {
            using var json = new LimitedStream(maxBytes);
            JsonSerializer.Serialize(json, args, ArgumentJson.Options);
            return json.ToArray();
        }
        catch (LimitedStream.FullException exception)
        {
            throw new JobArgumentsException(
                $"The arguments of job '{jobName}' take at least {exception.Bytes:N0} bytes of JSON; the limit is {maxBytes:N0} "
                + $"({HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.MaxArgumentsBytes)}). "
                + "Store the data elsewhere and pass its id, or raise the limit.",
                exception);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var path = exception is JsonException { Path: { } at } && !exception.Message.Contains(at, StringComparison.Ordinal)
                ? $" Path: {at}."
                : "";
            throw new JobArgumentsException(
                $"The arguments of job '{jobName}' ({typeof(TArgs)}) cannot be written as JSON: "
                    + $"{exception.Message}{path} Pass a plain record of values.",
                exception);
        }
    }

    // The contract does not show everything, such as a getter that returns another value than was set; the first value does.
    private static void CheckReadBack<TArgs>(TArgs args, byte[] json, string jobName, int maxBytes)
    {
        using var written = JsonDocument.Parse(json);
        byte[] again;
        try
        {
            again = Serialize(written.RootElement.Deserialize<TArgs>(ArgumentJson.Options)!, jobName, maxBytes);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or JobArgumentsException))
        {
            throw new JobArgumentsException(
                $"The arguments of job '{jobName}' ({typeof(TArgs)}) can be written as JSON but not read back, so the job would fail: "
                    + $"{exception.Message} Correct {TypeName.Of(typeof(TArgs))}, or give it a JsonConverter.",
                exception);
        }
        if (json.AsSpan().SequenceEqual(again))
            return;
        using var read = JsonDocument.Parse(again);
        if (JsonDifference.PathOf(written.RootElement, read.RootElement) is not { } path)
            return;
        // A getter whose value changes with time, such as an age, is not a loss.
        using var rewritten = JsonDocument.Parse(Serialize(args, jobName, maxBytes));
        if (JsonDifference.PathOf(written.RootElement, rewritten.RootElement) is null)
        {
            throw new JobArgumentsException(
                $"The arguments of job '{jobName}' ({typeof(TArgs)}) would arrive changed: {path} is not the same when it is read back "
                    + "from JSON. Give the property a setter or a constructor parameter of its name, or put [JsonIgnore] on it.");
        }
    }
}
