using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

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
    [InlineData("X-Original-For", "203.0.113.7:5000")]
    [InlineData("x-original-proto", "https")]
    [InlineData("X-Forwarded-Port", "443")]
    [InlineData("True-Client-IP", "127.0.0.1")]
    [InlineData("Host", "127.0.0.1.evil.example")]
    [InlineData("Host", "localhost.evil.example")]
    public async Task Get_IsForbiddenInDevelopment_WhenAProxyOrAForeignNameIsInvolved(string header, string value)
    {
        await using var web = await WebHost.StartAsync("Development", _ => { });

        foreach (var path in new[] { "/frameworkapi/hangfire/statistics", "/hangfire" })
            Assert.Equal(HttpStatusCode.Forbidden, (await web.GetAsync(path, (header, value))).StatusCode);
    }

    /// <summary>How a host may take over what a header says.</summary>
    public static TheoryData<string, string> Takeovers => new()
    {
        { "ForwardedHeadersMiddleware", "X-Forwarded-For" },
        { "ForwardedHeadersMiddleware that has removed what it applied", "X-Forwarded-For" },
        { "ForwardedHeadersMiddleware with its own names", "X-Our-Client" },
    };

    [Theory]
    [MemberData(nameof(Takeovers))]
    public async Task Get_IsForbiddenInDevelopment_WhenAHeaderSaysThatTheClientIsLocal(string how, string header)
    {
        await using var web = await WebHost.StartAsync("Development", _ => { }, use: app => TakeOver(app, how, header));

        foreach (var path in new[] { "/frameworkapi/hangfire/statistics", "/hangfire" })
        {
            foreach (var value in new[] { "127.0.0.1", "::1", "127.0.0.1, 127.0.0.1", "203.0.113.9, 127.0.0.1" })
            {
                Assert.Equal(
                    (path, value, HttpStatusCode.Forbidden), (path, value, (await web.GetAsync(path, (header, value))).StatusCode));
            }
        }
    }

    [Fact]
    public async Task Get_IsForbiddenInDevelopment_WithTheHeaderNamesOfTheHost()
    {
        await using var web = await WebHost.StartAsync(
            "Development", _ => { },
            services: services => services.Configure<ForwardedHeadersOptions>(options => options.ForwardedForHeaderName = "X-Our-Client"));

        Assert.Equal(HttpStatusCode.OK, (await web.GetAsync("/hangfire")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await web.GetAsync("/hangfire", ("X-Our-Client", "127.0.0.1"))).StatusCode);
    }

    [Fact]
    public async Task Get_FollowsTheAddressOfTheConnection_WhateverMiddlewareSays()
    {
        // Leaves no header behind that would tell of it.
        await using var web = await WebHost.StartAsync(
            "Development", _ => { },
            services: static services => services.Configure<KestrelServerOptions>(static kestrel => kestrel.Listen(IPAddress.Any, 0)),
            use: static app => app.Use(static (http, next) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.Loopback;
                return next(http);
            }));

        foreach (var address in AddressesOfThisMachine())
        {
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"http://{address}:{web.Client.BaseAddress!.Port}/hangfire")
            { Headers = { Host = "localhost" } };
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(
                (address, IPAddress.IsLoopback(address) ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (address, answer.StatusCode));
        }
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
        Assert.DoesNotContain(
            "enqueued", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static void TakeOver(WebApplication app, string how, string header)
    {
        // The client that is really here is local, too.
        app.Use(static (http, next) =>
        {
            http.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
            return next(http);
        });
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.All, ForwardedForHeaderName = header, ForwardLimit = null
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        if (how.EndsWith("its own names", StringComparison.Ordinal))
            options.OriginalForHeaderName = "X-Original-Client";
        app.UseForwardedHeaders(options);
        if (how.EndsWith("applied", StringComparison.Ordinal))
        {
            app.Use((http, next) =>
            {
                http.Request.Headers.Remove(header);
                return next(http);
            });
        }
    }

    private static IEnumerable<IPAddress> AddressesOfThisMachine() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static address => address.Address).Where(static address => address.AddressFamily == AddressFamily.InterNetwork)
                .Append(IPAddress.Loopback).Distinct();
}
