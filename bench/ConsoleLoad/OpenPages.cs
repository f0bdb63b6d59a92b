using System.Net;

namespace ConsoleLoad;

/// <summary>
/// Pages that are open and live: half of them overviews, a quarter lists of jobs, each opened at another time, the rest single jobs, queues
/// and servers.
/// </summary>
internal sealed class OpenPages(List<HttpClient> browsers, List<Stream> streams, CancellationTokenSource stop) : IAsyncDisposable
{
    // The most live views of a user.
    private const int PagesOfUser = 20;

    private static int _users;

    private long _updates;

    public long Updates => Interlocked.Read(ref _updates);

    public static async Task<OpenPages> OpenAsync(ConsoleProcess console, int count)
    {
        var pages = new OpenPages([], [], new CancellationTokenSource());
        for (var i = 0; i < count; i++)
        {
            if (i % PagesOfUser == 0)
                pages.Add(await console.WelcomeAsync($"user{Interlocked.Increment(ref _users)}"));
            await pages.OpenAsync(new Uri(console.Url, Path(i)));
        }
        return pages;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var stream in streams)
            await stream.DisposeAsync();
        browsers.ForEach(static browser => browser.Dispose());
        stop.Dispose();
    }

    private static string Path(int i) => (i % 8) switch
    {
        0 or 1 or 2 or 3 => $"/bench/live/overview?range={(i % 2 == 0 ? "1h" : "24h")}{(i % 4 == 3 ? $"&app=app{i % 20}" : "")}",
        4 or 5 => $"/bench/live/tabs?state=Failed&since={WebUtility.UrlEncode(DateTime.UtcNow.AddSeconds(-i).ToString("O"))}",
        6 => $"/bench/live/jobs/{1 + i}",
        _ => i % 16 == 7 ? "/bench/live/queues" : "/bench/live/servers",
    };

    private void Add(HttpClient browser) => browsers.Add(browser);

    private async Task OpenAsync(Uri address)
    {
        var stream = await browsers[^1].GetStreamAsync(address, stop.Token);
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
