using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>
/// How arguments and outputs are written and read. Frozen: stored runs depend on it. System.Text.Json never
/// instantiates a type named in the data, so a hostile <c>$type</c> is just an unknown property.
/// </summary>
internal static class JobArguments
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static byte[] Write<TArgs>(TArgs args, string jobName, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(args);
        byte[] json;
        try
        {
            json = JsonSerializer.SerializeToUtf8Bytes(args, Json);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new JobArgumentsException(
                $"The arguments of job '{jobName}' ({typeof(TArgs)}) cannot be written as JSON: {exception.Message} Pass a plain record of values.", exception);
        }
        if (json.Length > maxBytes)
        {
            throw new JobArgumentsException(
                $"The arguments of job '{jobName}' take {json.Length:N0} bytes of JSON; the limit is {maxBytes:N0} " +
                $"({HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.MaxArgumentsBytes)}). Store the data elsewhere and pass its id, or raise the limit.");
        }
        return json;
    }

    public static TArgs Read<TArgs>(JsonElement? args, string jobName)
    {
        if (args is not { } json)
            throw new JobArgumentsException($"The run has no arguments, but job '{jobName}' expects {typeof(TArgs)}.");
        try
        {
            return json.Deserialize<TArgs>(Json)
                ?? throw new JobArgumentsException($"The run's arguments are null, but job '{jobName}' expects {typeof(TArgs)}.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new JobArgumentsException(
                $"The stored arguments of job '{jobName}' cannot be read as {typeof(TArgs)}: {exception.Message} Keep {typeof(TArgs).Name} able to read what earlier builds stored.", exception);
        }
    }
}
