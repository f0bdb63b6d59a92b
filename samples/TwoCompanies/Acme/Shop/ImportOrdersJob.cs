using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace TwoCompanies.Acme.Shop;

public sealed record ImportOrders(string Channel, long Page, string ApiKey);

/// <summary>Reads a page of orders and starts a payment for each. The marketplace sends broken pages.</summary>
[AutomaticRetry(Attempts = 1, DelaysInSeconds = [10])]
public sealed class ImportOrdersJob(IHangfireJobService jobs) : IJob<ImportOrders>
{
    public async Task<JobResult> ExecuteAsync(ImportOrders args, IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(Random.Shared.Next(100, 400), ct);
        var orders = JsonSerializer.Deserialize<List<Order>>(Page(args), JsonSerializerOptions.Web)!;
        ctx.Logger.LogInformation("Page {Page} of {Channel} has {Count} orders", args.Page, args.Channel, orders.Count);
        var payments = await jobs.EnqueueManyAsync<CapturePaymentJob, CapturePayment>(
            orders.Select(static order => new CapturePayment(order.Id, order.Total, "EUR", CardToken: $"tok_{order.Id:x}")), ct: ct);
        return JobResult.Success(output: new { args.Channel, Orders = orders.Count, Payments = payments });
    }

    private static string Page(ImportOrders args) => args.Channel == "marketplace"
        ? $$"""[{ "id": {{args.Page}}1, "total": 20.5 }, { "id": {{args.Page}}2, "total": "n/a" }]"""
        : $$"""
            [{ "id": {{args.Page}}1, "total": 49.9 }, { "id": {{args.Page}}2, "total": 12 }, { "id": {{args.Page}}3, "total": 310.25 }]
            """;

    private sealed record Order(long Id, decimal Total);
}
