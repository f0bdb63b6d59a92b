using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Testing.RunTwice;

/// <summary>What a test wants to be the same, as JSON.</summary>
internal static class Snapshot
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        ReferenceHandler = ReferenceHandler.IgnoreCycles,
    };

    /// <returns>The value that a delegate has returned; that of a task is awaited.</returns>
    public static async Task<object?> ValueAsync(object? returned)
    {
        if (returned is not Task task)
            return returned;
        await task.ConfigureAwait(false);
        return task.GetType().GetProperty(nameof(Task<object>.Result))?.GetValue(task);
    }

    /// <exception cref="NotSupportedException">It cannot be written as JSON.</exception>
    public static async Task<string> TakeAsync(
        IServiceProvider services, Func<IServiceProvider, Task<object?>> snapshot, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var value = snapshot(scope.ServiceProvider) is { } taken ? await taken.ConfigureAwait(false) : null;
        using var json = new MemoryStream();
        await JsonSerializer.SerializeAsync(json, value, value?.GetType() ?? typeof(object), Options, cancellationToken)
            .ConfigureAwait(false);
        return Encoding.UTF8.GetString(json.ToArray());
    }
}
