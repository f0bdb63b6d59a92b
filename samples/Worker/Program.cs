using Asdamir.Data.HangfireJobs;
using Worker;

var builder = Host.CreateApplicationBuilder(args);
builder.AddCoreHangfireJobs();

using var host = builder.Build();
await host.StartAsync();
host.Services.GetRequiredService<IHangfireJobService>().Enqueue<DiskSpaceJob>();
await host.WaitForShutdownAsync();
