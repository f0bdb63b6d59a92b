using Asdamir.Data.HangfireJobs;
using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests;

/// <summary>A real web app on a free port with the API and the dashboard.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IDisposable _place;

    private WebHost(WebApplication app, IDisposable place)
    {
        _app = app;
        _place = place;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public JobStorage Storage => Services.GetRequiredService<JobStorage>();

    public IHangfireJobService Jobs => Services.GetRequiredService<IHangfireJobService>();

    public static async Task<WebHost> StartAsync(
        string environment, Action<IHangfireJobsBuilder> addJobs, Action<HangfireJobsOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? use = null, Action<WebApplication>? map = null)
    {
        var place = await HostPlaces.EnterAsync();
        try
        {
            return new WebHost(await StartAppAsync(environment, addJobs, configure, services, use, map), place);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private static async Task<WebApplication> StartAppAsync(
        string environment, Action<IHangfireJobsBuilder> addJobs, Action<HangfireJobsOptions>? configure,
        Action<IServiceCollection>? services, Action<WebApplication>? use, Action<WebApplication>? map)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration["Urls"] = LocalPort.AnyUrl;
        builder.Logging.ClearProviders();
        addJobs(builder.Services.AddCoreHangfireJobs(options =>
        {
            options.ScanEntryAssembly = false;
            options.Storage.Provider = "InMemory";
            configure?.Invoke(options);
        }));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        use?.Invoke(app);
        (map ?? MapBoth)(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    public async Task UntilAsync(string jobId, JobState state) =>
        await Until.TrueAsync(() => Jobs.Find(jobId)?.State == state, $"job {jobId} is {state}", () =>
            $"it is {Jobs.Find(jobId)?.State} ({Jobs.Find(jobId)?.Reason})");

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static void MapBoth(WebApplication app)
    {
        app.UseCoreHangfireApi();
        app.UseCoreHangfireDashboard();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        try
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
        finally
        {
            _place.Dispose();
        }
    }
}
