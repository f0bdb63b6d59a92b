using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Dapper;
using Npgsql;

public sealed record BookPayment(int Account, decimal Amount);

//<example 1>

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var database = await ExampleContext.CreateDatabaseAsync();
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Storage:Provider"] = "PostgreSql";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = database;
        builder.Services.AddSingleton(NpgsqlDataSource.Create(database));
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<BookPaymentJob>();
        await using var app = builder.Build();
        var source = app.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("create table accounts (id int, balance numeric); insert into accounts values (7, 100)");
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        var id = jobs.Enqueue<BookPaymentJob, BookPayment>(new(7, 12.50m));

        await ExampleContext.WaitForSuccessAsync(jobs, id);
        Xunit.Assert.Equal(112.50m, await connection.ExecuteScalarAsync<decimal>("select balance from accounts where id = 7"));
        Xunit.Assert.Contains("12.50", jobs.Find(id)!.ResultJson);
    }
}
