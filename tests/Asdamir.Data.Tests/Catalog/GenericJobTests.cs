using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Catalog;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.Tests.Catalog;

public sealed class GenericJobTests
{
    [Fact]
    public async Task Enqueue_ExecutesTheClassThatWasNamed_WithTwoOfOneDefinition()
    {
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<Import<Customer>>().AddJob<Import<Order>>().AddJob<Copy<Customer, Dictionary<int, Order[]>>>());

        var runs = new[]
        {
            await host.WaitForAsync(host.Jobs.Enqueue<Import<Customer>>(), JobState.Succeeded),
            await host.WaitForAsync(host.Jobs.Enqueue<Import<Order>>(), JobState.Succeeded),
            await host.WaitForAsync(host.Jobs.Enqueue<Copy<Customer, Dictionary<int, Order[]>>>(), JobState.Succeeded),
        };

        Assert.Equal(["Import<Customer>", "Import<Order>", "Copy<Customer,Dictionary<Int32,Order[]>>"], runs.Select(run => run.JobName));
        Assert.Equal(["Customer", "Order", "Customer"], host.Probe.Notes);
        Assert.Empty(host.Logs.With(1103));
    }

    [Fact]
    public async Task Execute_StillKnowsTheNameOfTheDefinition_WhenTheClassIsTheOnlyOneOfIt()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<Import<Customer>>());

        var jobId = host.Services.GetRequiredService<IBackgroundJobClient>()
            .Create(JobEnvelope.Wrap("Import`1", """{"v":1}""", null), new EnqueuedState());

        await host.WaitForAsync(jobId, JobState.Succeeded);
        Assert.Equal(["Customer"], host.Probe.Notes);
    }

    [Fact]
    public async Task Start_SaysWhatToDerive_WhenTwoOfOneDefinitionHaveOneName()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => JobHost.StartAsync(jobs => jobs.AddJob<Import<Customer>>().AddJob<Import<Other.Customer>>()));
        var named = await Assert.ThrowsAsync<OptionsValidationException>(
            () => JobHost.StartAsync(jobs => jobs.AddJob<Named<Customer>>().AddJob<Named<Order>>()));

        Assert.Contains("'Import<Customer>'", error.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(Other.Customer).FullName!, error.Message, StringComparison.Ordinal);
        Assert.All([error, named], error =>
            Assert.Contains("derive a class from one of them, give that a [JobName(", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_KeepsTheNamesOfOtherClasses()
    {
        var catalog = JobCatalog.Build([typeof(Plain), typeof(Derived)], []);

        Assert.Equal([nameof(Derived), nameof(Plain)], catalog.Jobs.Select(job => job.Name));
        Assert.All(catalog.Jobs, job => Assert.Empty(job.FormerNames));
    }

    internal sealed class Customer;

    internal sealed class Order;

    internal static class Other
    {
        internal sealed class Customer;
    }

    private class Import<T>(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(typeof(T).Name);
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class Copy<TFrom, TTo>(Probe probe) : Import<TFrom>(probe)
    {
        public Type To => typeof(TTo);
    }

    [JobName("named")]
    private sealed class Named<T>(Probe probe) : Import<T>(probe);

    private sealed class Plain(Probe probe) : Import<Order>(probe);

    private sealed class Derived(Probe probe) : Import<Customer>(probe);
}
