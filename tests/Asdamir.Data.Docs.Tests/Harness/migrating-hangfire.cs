using System.Collections.Concurrent;
using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Server;

public interface IMailer
{
    Task SendAsync(int invoice, CancellationToken ct);
}

public sealed class Mailer : IMailer
{
    public ConcurrentQueue<int> Sent { get; } = [];

    public Task SendAsync(int invoice, CancellationToken ct)
    {
        Sent.Enqueue(invoice);
        return Task.CompletedTask;
    }
}

//<example 1>
//<example 3>
public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        var mailer = new Mailer();
        builder.Services.AddSingleton<IMailer>(mailer);
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AllowPlainJobs<Invoices>().AddJob<SendInvoiceJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var client = app.Services.GetRequiredService<IBackgroundJobClient>();
        var recurring = app.Services.GetRequiredService<IRecurringJobManager>();
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        await OldAsync();
        await SentAsync(42, 43);
        recurring.RemoveIfExists("monthly");
        mailer.Sent.Clear();
        await NewAsync();
        await SentAsync(42, 43);
        mailer.Sent.Clear();
        await jobs.TriggerRecurringAsync("monthly");
        await SentAsync(1);

        Task OldAsync()
        {
            //<example 2>
            return Task.CompletedTask;
        }

        async Task NewAsync()
        {
            //<example 4>
        }

        Task SentAsync(params int[] invoices) =>
            Kit.Until.TrueAsync(() => invoices.SequenceEqual(mailer.Sent), $"invoices {string.Join(", ", invoices)} are sent");
    }
}
