namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Waits for a condition, with a limit.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<bool> condition, string what, int seconds = 30) => TrueAsync(condition, () => what, seconds);

    public static async Task TrueAsync(Func<bool> condition, Func<string> what, int seconds = 30)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Not within {seconds} s: {what()}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
