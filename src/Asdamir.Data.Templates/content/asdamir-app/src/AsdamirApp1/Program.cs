using Asdamir.Data.HangfireJobs;
using AsdamirApp1;
#if (worker)
using Microsoft.Extensions.Diagnostics.HealthChecks;

var builder = Host.CreateApplicationBuilder(args);
builder.AddCoreHangfireJobs();   // discovers the jobs of this project
builder.Services.AddHealthChecks().AddHangfireJobs();
builder.Services.AddSingleton<IHealthCheckPublisher, HealthLog>();
builder.AddTelemetry();

await builder.Build().RunAsync();
#else
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

var builder = WebApplication.CreateBuilder(args);
builder.AddCoreHangfireJobs();   // discovers the jobs of this project
builder.Services.AddHealthChecks().AddHangfireJobs();
builder.AddTelemetry();

var app = builder.Build();
app.UseCoreHangfireApi();        // /frameworkapi/hangfire, open to this machine in Development, closed elsewhere
app.UseCoreHangfireDashboard();  // /hangfire, the same
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("live") });
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") });
app.MapPost("/reports", (IHangfireJobService jobs, CancellationToken ct) => jobs.EnqueueAsync<DailyReportJob>(ct: ct));

await app.RunAsync();
#endif
