using System.Net;

namespace ConsoleLoad;

/// <summary>Pages that are open and live: half of them overviews, a quarter lists of runs, each opened at another time, the rest single runs, queues and servers.</summary>
internal sealed class OpenPages(HttpClient browser, List<Stream> streams, CancellationTokenSource stop) : IAsyncDisposable
{
    private long _updates;

    public long Updates => Interlocked.Read(ref _updates);

    public static async Task<OpenPages> OpenAsync(ConsoleProcess console, int count)
    {
        var browser = await console.SignInAsync();
        var pages = new OpenPages(browser, [], new CancellationTokenSource());
        for (var i = 0; i < count; i++)
            await pages.OpenAsync(new Uri(console.Url, Path(i)));
        return pages;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var stream in streams)
            await stream.DisposeAsync();
        browser.Dispose();
        stop.Dispose();
    }

    private static string Path(int i) => (i % 8) switch
    {
        0 or 1 or 2 or 3 => $"/bench/live/overview?range={(i % 2 == 0 ? "1h" : "24h")}{(i % 4 == 3 ? $"&app=app{i % 20}" : "")}",
        4 or 5 => $"/bench/live/tabs?state=Failed&since={WebUtility.UrlEncode(DateTime.UtcNow.AddSeconds(-i).ToString("O"))}",
        6 => $"/bench/live/jobs/{1 + i}",
        _ => i % 16 == 7 ? "/bench/live/queues" : "/bench/live/servers",
    };

    private async Task OpenAsync(Uri address)
    {
        var stream = await browser.GetStreamAsync(address, stop.Token);
        streams.Add(stream);
        _ = Task.Run(async () =>
        {
            using var reader = new StreamReader(stream);
            try
            {
                while (await reader.ReadLineAsync(stop.Token) is { } line)
                {
                    if (line.StartsWith("event:", StringComparison.Ordinal))
                        Interlocked.Increment(ref _updates);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
            }
        });
    }
}
