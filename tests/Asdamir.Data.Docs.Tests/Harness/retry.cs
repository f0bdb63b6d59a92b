using System.Net;
using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public sealed record PushOrder(int OrderId);

public interface IOrders
{
    Task<PushOrder> LoadAsync(int id, CancellationToken ct);
}

public sealed class Orders : IOrders
{
    public Task<PushOrder> LoadAsync(int id, CancellationToken ct) =>
        id > 0 ? Task.FromResult(new PushOrder(id)) : throw new InvalidOrderException("There is no such order.");
}

public sealed class InvalidOrderException(string message) : Exception(message);

public sealed class Crm : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isBusy = (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("42", StringComparison.Ordinal);
        HttpResponseMessage answer = new(isBusy ? HttpStatusCode.TooManyRequests : HttpStatusCode.BadGateway);
        if (isBusy)
            answer.Headers.Add("Retry-After", "90");
        return answer;
    }
}

//<example 1>

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Services.AddSingleton<IOrders, Orders>();
        builder.Services.AddSingleton(new HttpClient(new Crm()) { BaseAddress = new Uri("http://crm") });
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<PushOrderJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        Xunit.Assert.Equal(
            "Retry attempt 1 of 2, after 00:01:30 as the job asked: The CRM is busy", await ReasonAsync(42, JobState.Scheduled));
        Xunit.Assert.StartsWith(
            "Retry attempt 1 of 5 by the rule for HttpRequestException: ", await ReasonAsync(7, JobState.Scheduled),
            StringComparison.Ordinal);
        Xunit.Assert.EndsWith(
            "The rule for InvalidOrderException allows no retry.", await ReasonAsync(-1, JobState.Failed), StringComparison.Ordinal);

        async Task<string> ReasonAsync(int order, JobState state)
        {
            var id = jobs.Enqueue(new PushOrder(order));
            await Kit.Until.TrueAsync(() => jobs.Find(id)?.State == state, $"the job is {state}");
            return jobs.Find(id)!.Reason!;
        }
    }
}
