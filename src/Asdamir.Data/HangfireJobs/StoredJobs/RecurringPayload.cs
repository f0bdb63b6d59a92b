using Hangfire.Storage;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The JSON that Hangfire stores with a recurring job, in its short form and the earlier long one. Hangfire's reader resolves every
/// <c>$type</c> in it.
/// </summary>
internal static class RecurringPayload
{
    /// <returns><see langword="null"/> when it is not a job.</returns>
    public static InvocationData? Read(string? payload)
    {
        if (payload is null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null
                : Text(root, "t") is { } type && Text(root, "m") is { } method
                    ? new InvocationData(type, method, Texts(root, "p"), Texts(root, "a"), Text(root, "q"))
                : Text(root, "Type") is { } longType && Text(root, "Method") is { } longMethod
                    ? new InvocationData(longType, longMethod, Text(root, "ParameterTypes"), Text(root, "Arguments"), Text(root, "Queue"))
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for an unpaired surrogate.
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Unchanged: the reader accepts an array of texts only.
    private static string? Texts(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : null;
}
