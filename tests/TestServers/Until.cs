namespace TestServers;

/// <summary>Waits for a condition, with a limit.</summary>
public static class Until
{
    public static Task TrueAsync(Func<bool> condition, string what, int seconds = 30) => TrueAsync(condition, () => what, seconds);

    public static Task TrueAsync(Func<bool> condition, Func<string> what, int seconds = 30) => TrueAsync(() => Task.FromResult(condition()), what, seconds);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, int seconds = 30) => TrueAsync(condition, () => what, seconds);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, int seconds = 30)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Not within {seconds} s: {what()}");
            await Task.Delay(20);
        }
    }
}
