using Asdamir.Data.HangfireJobs;
using Quickstart;
using Quickstart.Jobs;

var builder = WebApplication.CreateBuilder(args);
// In appsettings.json the address would override ASPNETCORE_URLS and ASPNETCORE_HTTP_PORTS.
string[] addressKeys = ["urls", "http_ports", "https_ports"];
if (!addressKeys.Any(key => builder.Configuration[key] is { Length: > 0 }))
    builder.WebHost.UseUrls("http://127.0.0.1:5080");
builder.Services.AddCoreHangfireJobs(builder.Configuration);
builder.Services.AddSingleton<Bootstrap>();
builder.Services.AddHealthChecks().AddHangfireJobs();
if (builder.Configuration.GetValue<bool>("Telemetry"))
    builder.Services.AddConsoleTelemetry();

var app = builder.Build();
app.UseCoreHangfireApi();        // JSON monitoring endpoints
app.UseCoreHangfireDashboard();  // Hangfire dashboard (guard it behind auth!)
app.MapHealthChecks("/health");

app.Lifetime.ApplicationStarted.Register(() =>
{
    app.Services.GetRequiredService<Bootstrap>().Configure();

    var jobs = app.Services.GetRequiredService<IHangfireJobService>();
    jobs.Enqueue<NightlyReconcileJob>();
    jobs.Enqueue<FlakyImportJob>();
    jobs.Enqueue<LongReportJob, LongReport>(new LongReport("Q3", Pages: 40));

    var url = app.Urls.First();
    Console.WriteLine($"""

          Dashboard   {url}/hangfire
          API         {url}/frameworkapi/hangfire/jobs
          Health      {url}/health
          Stop        Ctrl+C

        """);
});

app.Run();
