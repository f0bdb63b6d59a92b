using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>Jobs written for Hangfire itself go on working beside ours.</summary>
public sealed class PlainHangfireJobTests
{
    private static readonly ConcurrentDictionary<string, int> Calls = new();

    [Fact]
    public async Task Enqueue_ExecutesAStaticMethod_WithHangfiresClient()
    {
        await using var host = await JobHost.StartAsync(_ => { });
        var key = Guid.NewGuid().ToString();

        var runId = host.Services.GetRequiredService<IBackgroundJobClient>().Enqueue(() => Plain.Run(key));
        var run = await host.WaitForAsync(runId, RunState.Succeeded);

        Assert.Equal((1, "Plain.Run"), (Calls[key], run.JobName));
    }

    [Fact]
    public async Task Enqueue_ExecutesAServiceFromItsOwnScope_WithHangfiresClient()
    {
        await using var host = await JobHost.StartAsync(_ => { }, services: services => services.AddScoped<PlainService>());

        var runId = host.Services.GetRequiredService<IBackgroundJobClient>().Enqueue<PlainService>(service => service.Run("hello"));
        await host.WaitForAsync(runId, RunState.Succeeded);
        await host.Probe.NotedAsync("disposed");

        Assert.Equal(["hello", "disposed"], host.Probe.Notes);
    }

    public static class Plain
    {
        public static void Run(string key) => Calls.AddOrUpdate(key, 1, (_, calls) => calls + 1);
    }

    internal sealed class PlainService(Probe probe) : IDisposable
    {
        public void Run(string text) => probe.Note(text);

        public void Dispose() => probe.Note("disposed");
    }
}
