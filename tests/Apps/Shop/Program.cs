using Apps.Shop;
using Asdamir.Data.HangfireJobs;

// As a user writes it: the jobs of this project are discovered.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCoreHangfireJobs(builder.Configuration);

var app = builder.Build();
app.UseCoreHangfireApi();
app.UseCoreHangfireDashboard();
app.MapPost("/mails", static (IHangfireJobService jobs, CancellationToken ct) => jobs.EnqueueAsync<MailJob>(ct: ct));
app.Run();
