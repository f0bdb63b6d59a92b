namespace TwoCompanies.Launcher;

/// <summary>Writes one line for each event.</summary>
internal static class Events
{
    public static void Write(string source, string text) => Console.WriteLine($"{DateTime.Now:HH:mm:ss}  {source,-18}  {text}");

    public static async Task TellOutagesAsync(DateTimeOffset started, CancellationToken stop)
    {
        var down = false;
        while (!stop.IsCancellationRequested)
        {
            if (PaymentGateway.IsDownAfter(DateTimeOffset.UtcNow - started) != down)
            {
                down = !down;
                Write("payment gateway", down ? "is down for a minute: payments fail" : "is back: failed payments can be requeued");
            }
            await Task.Delay(TimeSpan.FromSeconds(1), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
