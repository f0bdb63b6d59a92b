namespace Asdamir.Data.Tests.Samples;

/// <summary>The address of the sample is a default.</summary>
public sealed class QuickstartSampleTests
{
    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:{0}")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "{0}")]
    public async Task Quickstart_ListensWhereTheEnvironmentSays(string variable, string value)
    {
        using var folder = new TemporaryFolder();
        var port = LocalPort.Free();
        await using var app = new SampleProcess(
            "Quickstart", folder,
            new Dictionary<string, string> { [variable] = value.Replace("{0}", $"{port}", StringComparison.Ordinal) });
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        await Until.TrueAsync(
            () => AnswersAsync(app, client), $"the sample answers at {client.BaseAddress}", () => Task.FromResult(app.Log));
        await app.StopAsync();

        Assert.Equal(0, app.ExitCode);
    }

    private static async Task<bool> AnswersAsync(SampleProcess app, HttpClient client)
    {
        if (app.HasExited)
            Assert.Fail($"The sample ended with exit code {app.ExitCode}: {app.Log}");
        try
        {
            using var answer = await client.GetAsync("/health", TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
