using System.Diagnostics;
using System.Reflection;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Docs.Tests.Examples;

/// <summary>A whole program of the documentation, started by its entry point.</summary>
internal sealed class ProgramHost : IAsyncDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    // Only the program that runs in this context reports its host here.
    private static readonly AsyncLocal<ProgramHost?> Current = new();

    private readonly TaskCompletionSource<IHost> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IDisposable> _subscriptions = [];
    private Type[] _jobTypes = [];
    private Task _program = Task.CompletedTask;
    private IHost _host = null!;

    public static async Task<ProgramHost> StartAsync(Assembly program, string folder)
    {
        ProgramHost app = new();
        app._jobTypes = [.. program.GetTypes().Where(typeof(IJob).IsAssignableFrom)];
        app._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(app));
        string[] arguments =
        [
            "--urls", "http://127.0.0.1:0", "--environment", "Development", "--contentRoot", folder,
            "--applicationName", program.GetName().Name!, "--Logging:LogLevel:Default", "Warning",
        ];
        app._program = Task.Factory.StartNew(
            () =>
            {
                Current.Value = app;
                (program.EntryPoint!.Invoke(null, [arguments]) as Task)?.GetAwaiter().GetResult();
            },
            ExampleContext.Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await await Task.WhenAny(app._built.Task, app._program);
        app._host = await app._built.Task.WaitAsync(Until.Limit, ExampleContext.Cancellation);
        var started = app._host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted;
        await Until.TrueAsync(() => started.IsCancellationRequested || app._program.IsCompleted, "the program has started");
        return app;
    }

    /// <summary>
    /// API and dashboard answer, and each job that a handler of the program enqueues succeeds; without a web server, a job of each of its
    /// job types.
    /// </summary>
    public Task CheckAsync() => _host.Services.GetService<IServer>() is null ? CheckJobTypesAsync() : CheckHandlersAsync();

    private async Task CheckJobTypesAsync()
    {
        Assert.NotEmpty(_jobTypes);
        var jobs = _host.Services.GetRequiredService<IHangfireJobService>();
        var enqueue = typeof(ProgramHost).GetMethod(nameof(Enqueue), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (var jobType in _jobTypes)
            await ExampleContext.WaitForSuccessAsync(jobs, (string)enqueue.MakeGenericMethod(jobType).Invoke(null, [jobs])!);
    }

    private static string Enqueue<TJob>(IHangfireJobService jobs) where TJob : class, IJob => jobs.Enqueue<TJob>();

    private async Task CheckHandlersAsync()
    {
        using HttpClient client = new();
        client.BaseAddress = new Uri(
            _host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        foreach (var address in (string[])["/frameworkapi/hangfire/jobs", "/hangfire"])
            (await client.GetAsync(address, ExampleContext.Cancellation)).EnsureSuccessStatusCode();

        foreach (var handler in Handlers())
        {
            var response = await client.PostAsync(handler, null, ExampleContext.Cancellation);
            response.EnsureSuccessStatusCode();
            var id = await response.Content.ReadAsStringAsync(ExampleContext.Cancellation);
            await ExampleContext.WaitForSuccessAsync(_host.Services.GetRequiredService<IHangfireJobService>(), id.Trim('"'));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _program.WaitAsync(Until.Limit);
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting")
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == "HostBuilt" && Current.Value == this)
            _built.TrySetResult((IHost)value.Value!);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static string ValueOf(RoutePatternPathSegment segment) =>
        segment.Parts[0] is RoutePatternLiteralPart literal ? literal.Content : "42";

    private string[] Handlers()
    {
        string[] handlers =
        [
            .. _host.Services.GetServices<EndpointDataSource>()
                .SelectMany(static source => source.Endpoints)
                .OfType<RouteEndpoint>()
                .Where(static endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
                .Select(static endpoint => endpoint.RoutePattern)
                .Where(static route => !route.RawText!.TrimStart('/').StartsWith("frameworkapi", StringComparison.Ordinal))
                .Select(static route => '/' + string.Join('/', route.PathSegments.Select(ValueOf))),
        ];
        Assert.NotEmpty(handlers);
        return handlers;
    }
}
