using System.Collections.Concurrent;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>
/// Values that a job stores beside itself, as JSON with the rules of arguments: a value that would be read back changed is refused where
/// that can be seen.
/// </summary>
internal static class StoredValue
{
    /// <summary>The most bytes of JSON that one value may take, as of an output.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly ConcurrentDictionary<Type, string> Faults = new();

    /// <summary>Refuses a type that JSON cannot represent, before anything is done for a value of it.</summary>
    /// <exception cref="JobStepException">It is not carried by JSON.</exception>
    public static void Check<T>(string what)
    {
        var fault = Faults.GetOrAdd(typeof(T), static type => string.Join(" ", ArgumentContract.FaultsOf(type)));
        if (fault.Length > 0)
            throw new JobStepException($"{what} would not be stored as it is: {fault}");
    }

    /// <exception cref="JobStepException">It cannot be written, or takes too much.</exception>
    public static JsonElement Write<T>(T value, string what)
    {
        try
        {
            using var json = new LimitedStream(MaxBytes);
            JsonSerializer.Serialize(json, value, ArgumentJson.Options);
            return JsonElement.Parse(json.Written);
        }
        catch (LimitedStream.FullException exception)
        {
            throw new JobStepException(
                $"{what} takes at least {exception.Bytes:N0} bytes of JSON; the limit is {MaxBytes:N0}. "
                    + "Fix: store the data elsewhere, and its id here.",
                exception);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new JobStepException(
                $"{what} ({typeof(T)}) cannot be written as JSON: {exception.Message} Fix: use a plain record of values.", exception);
        }
    }

    /// <exception cref="JobStepException">It is not a value of the type.</exception>
    public static T? Read<T>(JsonElement json, string what)
    {
        try
        {
            return json.Deserialize<T>(ArgumentJson.Options);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new JobStepException(
                $"{what} cannot be read as {typeof(T)}: {exception.Message} "
                    + $"Fix: keep {typeof(T).Name} able to read what was stored, or give what has another type another name.",
                exception);
        }
    }
}
