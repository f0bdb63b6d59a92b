using System.Net.ServerSentEvents;

namespace Asdamir.AdminConsole.Tests.Shell.Live;

/// <summary>PageReads a live stream as a browser does.</summary>
internal sealed class Events : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private Events(HttpResponseMessage response, Stream stream) =>
        (_response, _events) = (response,
            SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator());

    public HttpResponseMessage Response => _response;

    public static async Task<Events> OpenAsync(Visitor visitor, string path)
    {
        var response = await visitor.OpenAsync(path);
        return new Events(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <returns>The next one, or <see langword="null"/> at the end of the stream.</returns>
    public async Task<SseItem<string>?> NextAsync() =>
        await _events.MoveNextAsync().AsTask().WaitAsync(Until.Limit) ? _events.Current : null;

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        try
        {
            await _events.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A read is still waiting.
        }
    }
}
