using Apps.Shop;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Testing.Tests;

public sealed class RunTwiceTests
{
    private const string Return = "the return of the job";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_PassesWhenItsEffectsHaveKeys_EndedAfterEachOfThem()
    {
        await using var host = await StartAsync();

        var effects = await host.RunTwiceAsync<ChargeJob>(new Charge(42, HasKey: true), LeftOver, Token);

        Assert.Equal(
            ["IBank.ChargeAsync", "step 'charge'", "cursor 'row'", "IHangfireJobService.EnqueueAsync", "IBank.ConfirmAsync", Return],
            effects);
    }

    [Fact]
    public async Task Failure_NamesTheEffects_AndShowsTheSnapshots()
    {
        await using var host = await StartAsync();

        var failure = await Assert.ThrowsAsync<JobAssertionException>(
            () => host.RunTwiceAsync<ChargeJob>(new Charge(42, HasKey: false), LeftOver, Token));

        Assert.Equal(
            [
                "ChargeJob must not be executed twice. When its process ends after IBank.ChargeAsync, and it is executed again, what is "
                    + "left is not the same.",
                "  executed once: {\"Charges\":1,\"Enqueued\":1}",
                "  again after IBank.ChargeAsync: {\"Charges\":2,\"Enqueued\":1}",
                "  again after IHangfireJobService.EnqueueAsync: {\"Charges\":1,\"Enqueued\":2}",
                "  again after IBank.ConfirmAsync: {\"Charges\":1,\"Enqueued\":2}",
                $"  again after {Return}: {{\"Charges\":1,\"Enqueued\":2}}",
            ],
            failure.Message.ReplaceLineEndings("\n").Split('\n')[..^1]);
        Assert.Contains("Fix: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WithoutEffects_IsEndedAfterItsReturn()
    {
        await using var host = await StartAsync();

        Assert.Equal([Return], await host.RunTwiceAsync<CloseJob>(args: null, static _ => "nothing", Token));
    }

    [Fact]
    public async Task Job_ThatDoesNotSucceed_IsNotRunTwice()
    {
        await using var host = await StartAsync(static app => app.Services.AddSingleton(
            new FakeMail { Fault = new InvalidOperationException("The server is down.") }));

        var failure = await Assert.ThrowsAsync<JobAssertionException>(
            () => host.RunTwiceAsync<SendInvoiceJob>(new SendInvoice(42), static _ => "nothing", Token));

        Assert.Contains("SendInvoiceJob '1' has not succeeded", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The server is down.", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    [Fact]
    public async Task Job_MustAlsoSucceedTheSecondTime()
    {
        await using var host = await StartAsync();

        var failure = await Assert.ThrowsAsync<JobAssertionException>(
            () => host.RunTwiceAsync<OnlyOnceJob>(args: null, static _ => "nothing", Token));

        Assert.Contains("again after IBank.ChargeAsync: \"nothing\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: It was charged before.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ThatIsExclusive_PassesAsWell()
    {
        await using var host = await StartAsync();

        Assert.Equal(["step 'one'", Return], await host.RunTwiceAsync<LonelyJob>(args: null, static _ => "nothing", Token));
    }

    [Fact]
    public async Task Job_IsCreatedAsTheAppRegisteredIt()
    {
        await using var host = await StartAsync(static app => app.Services.AddTransient(
            static services => new ChargeJob(services.GetRequiredService<IBank>(), services.GetRequiredService<IHangfireJobService>())));

        Assert.Contains("IBank.ConfirmAsync", await host.RunTwiceAsync<ChargeJob>(new Charge(42, HasKey: true), LeftOver, Token));
    }

    [Fact]
    public async Task Snapshot_IsAwaited_AndHasTheServicesOfAScope()
    {
        await using var host = await StartAsync(static app => app.Services.AddScoped<Rows>());

        var failure = await Assert.ThrowsAsync<JobAssertionException>(() => host.RunTwiceAsync<ChargeJob>(
            new Charge(42, HasKey: false),
            static async services => await services.GetRequiredService<Rows>().ReadAsync(),
            Token));
        await host.RunTwiceAsync<ChargeJob>(
            new Charge(42, HasKey: true), static services => services.GetRequiredService<Rows>().ReadAsync(), Token);

        Assert.Contains("executed once: [1]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("again after IBank.ChargeAsync: [2]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosts_ThatShareAnInstance_AreFound()
    {
        var bank = new Bank();
        await using var host = await StartAsync(app => app.Services.AddSingleton<IBank>(bank).AddSingleton(bank));

        var failure = await Assert.ThrowsAsync<JobAssertionException>(
            () => host.RunTwiceAsync<ChargeJob>(new Charge(42, HasKey: true), LeftOver, Token));

        Assert.Contains("so hosts share something", failure.Message, StringComparison.Ordinal);
        Assert.Contains("in the first host: {\"Charges\":0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("in another host: {\"Charges\":1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_WithMoreEffectsThanTheLimit_IsNotRunTwice()
    {
        await using var host = await StartAsync(options: new JobHostOptions { StartAt = TestHost.Start, MaxRuns = 5 });

        var failure = await Assert.ThrowsAsync<JobAssertionException>(
            () => host.RunTwiceAsync<ChargeJob>(new Charge(42, HasKey: true), LeftOver, Token));

        Assert.Contains("ChargeJob has 6 effects", failure.Message, StringComparison.Ordinal);
        Assert.Contains("JobHostOptions.MaxRuns, which is 5.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_OfAnotherProgram_CannotBeBuiltAnew()
    {
        await using var app = new WebApplicationFactory<MailJob>()
            .WithWebHostBuilder(static web => web.ConfigureTestServices(static services => services.AddJobHost()));
        var host = app.Services.GetRequiredService<JobHost>();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => host.RunTwiceAsync<MailJob>(args: null, static _ => "nothing", Token));

        Assert.Contains("Fix: build it with JobHost.StartAsync(app => …)", failure.Message, StringComparison.Ordinal);
    }

    private static object LeftOver(IServiceProvider services) => new
    {
        Charges = services.GetRequiredService<Bank>().Charges.Count,
        Enqueued = services.GetRequiredService<JobHost>().AllEnqueued<CloseJob>().Count,
    };

    private static Task<JobHost> StartAsync(Action<IHostApplicationBuilder>? configure = null, JobHostOptions? options = null) =>
        TestHost.StartAsync(
            app =>
            {
                app.Services.AddSingleton<Bank>();
                app.Services.AddSingleton<IBank>(static services => services.GetRequiredService<Bank>());
                configure?.Invoke(app);
            },
            options);
}

public sealed record Charge(int Invoice, bool HasKey);

public interface IBank
{
    Task<int> ChargeAsync(int invoice, string key);

    Task ConfirmAsync(int charge);
}

internal sealed class Bank : IBank
{
    public Dictionary<string, int> Charges { get; } = new(StringComparer.Ordinal);

    public Task<int> ChargeAsync(int invoice, string key) => Task.FromResult(Charges[key] = invoice);

    public Task ConfirmAsync(int charge) => Task.CompletedTask;
}

internal sealed class Rows(Bank bank)
{
    public Task<List<int>> ReadAsync() => Task.FromResult<List<int>>([bank.Charges.Count]);
}

internal sealed class ChargeJob(IBank bank, IHangfireJobService jobs) : IJob<Charge>
{
    public async Task<JobResult> ExecuteAsync(Charge args, IJobContext ctx, CancellationToken ct = default)
    {
        var key = args.HasKey ? ctx.JobId : $"{Guid.NewGuid()}";
        var charge = await ctx.StepAsync("charge", _ => bank.ChargeAsync(args.Invoice, key), ct);
        await ctx.Cursor<int>("row").SaveAsync(1, ct);
        await jobs.EnqueueAsync<CloseJob>(new JobOptions { IdempotencyKey = $"close {key}" }, ct);
        await bank.ConfirmAsync(charge);
        return JobResult.Success();
    }
}

internal sealed class OnlyOnceJob(IBank bank, Bank charged) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        if (charged.Charges.Count > 0)
            throw new InvalidOperationException("It was charged before.");
        await bank.ChargeAsync(42, ctx.JobId);
        return JobResult.Success();
    }
}

[ExclusiveJob]
internal sealed class LonelyJob : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        await ctx.StepAsync("one", static _ => Task.CompletedTask, ct);
        return JobResult.Success();
    }
}
