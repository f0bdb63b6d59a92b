using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Hosting;

public sealed class StartDiagnosisTests
{
    [Fact]
    public async Task Findings_AreLoggedWithTheirFix_WhenTheServerHasStarted()
    {
        using var folder = new TemporaryFolder();
        await using (var client = await JobHost.StartClientAsync(static _ => { }, options => Use(options, folder)))
        {
            using var connection = client.Storage.GetConnection();
            connection.SetRangeInHash("recurring-job:lost\nForged line", new Dictionary<string, string> { ["x"] = "y" });
            using var transaction = connection.CreateWriteTransaction();
            transaction.AddToSet("recurring-jobs", "lost\nForged line", 0);
            transaction.Commit();
        }

        await using var host = await JobHost.StartAsync(static _ => { }, options =>
        {
            Use(options, folder);
            options.DiagnoseAtStart = true;
        });

        await Until.TrueAsync(
            () => host.Logs.With(1607).Any(static line => line.Message.StartsWith("RecurringJobRemoved", StringComparison.Ordinal)),
            "the finding is logged");
        var finding = host.Logs.With(1607).First(static line => line.Message.StartsWith("RecurringJobRemoved", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, finding.Level);
        Assert.Contains("Fix: remove it", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', finding.Message);
        Assert.DoesNotContain(host.Logs.With(1607), static line => line.Message.StartsWith("QueueWithoutServer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Development", false, false)]
    [InlineData("Production", null, false)]
    [InlineData("Production", true, true)]
    public async Task Schema_IsChecked_InDevelopmentOrWhereTheSettingSaysSo(string environment, bool? setting, bool isChecked)
    {
        await using var host = await JobHost.StartClientAsync(
            static _ => { }, options => options.DiagnoseAtStart = setting,
            services => services.AddSingleton<IHostEnvironment>(new HostingEnvironment(environment)));

        Assert.Equal(isChecked, host.Services.GetRequiredService<StartDiagnosis>().IsWanted);
    }

    private static void Use(HangfireJobsOptions options, TemporaryFolder folder)
    {
        options.Storage.Provider = "Sqlite";
        options.Storage.ConnectionString = folder.Sqlite();
    }

    private sealed class HostingEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = Path.GetTempPath();

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } =
            new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
