using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>What looks local is not always local.</summary>
public sealed class AccessBehindProxyTests
{
    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "localhost")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "127.0.0.1.evil.example")]
    [InlineData("Host", "localhost.evil.example")]
    public async Task Get_IsForbiddenInDevelopment_WhenAProxyOrAForeignNameIsInvolved(string header, string value)
    {
        await using var web = await WebHost.StartAsync("Development", _ => { });

        foreach (var path in new[] { "/frameworkapi/hangfire/statistics", "/hangfire" })
            Assert.Equal(HttpStatusCode.Forbidden, (await web.GetAsync(path, (header, value))).StatusCode);
    }

    [Fact]
    public async Task Get_IsForbiddenInDevelopment_WithoutAHostName()
    {
        await using var web = await WebHost.StartAsync("Development", _ => { });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, web.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /hangfire HTTP/1.0\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 403 Forbidden", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_AnswersWithAProblemAndNoData_WhenRefused()
    {
        await using var web = await WebHost.StartAsync("Production", _ => { });

        var response = await web.GetAsync("/frameworkapi/hangfire/statistics");

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("enqueued", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
