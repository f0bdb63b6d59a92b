using Asdamir.AdminConsole.Hosting;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>The console as a process of its own.</summary>
internal sealed class ConsoleProcess : ChildProcess
{
    private ConsoleProcess(Dictionary<string, string?> settings)
        : base(
            ["dotnet", typeof(ConsoleApp).Assembly.Location],
            settings.ToDictionary(
                static setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), static setting => setting.Value!))
    {
    }

    public static async Task<ConsoleProcess> StartAsync(Dictionary<string, string?> settings, Uri url)
    {
        var process = new ConsoleProcess(settings);
        using var client = new HttpClient { BaseAddress = url };
        await Until.TrueAsync(
            async () =>
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"The console ended: {process.Log}");
                try
                {
                    return (await client.GetAsync(new Uri("login", UriKind.Relative))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, "the console answers");
        return process;
    }
}
