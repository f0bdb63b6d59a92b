using System.IO.Compression;
using System.Xml.Linq;

namespace Asdamir.Data.Packages.Tests;

public sealed class PackageTests(LocalFeed feed)
{
    private static readonly string[] Expected =
    [
        "Asdamir.Data", "Asdamir.Data.CommandLine", "Asdamir.Data.EntityFrameworkCore", "Asdamir.Data.Storage",
        "Asdamir.Data.Templates", "Asdamir.Data.Testing",
    ];

    [Fact]
    public void Packages_AreAllThatAreMeant() =>
        Assert.Equal(Expected.Select(static id => $"{id}.{LocalFeed.Version}.nupkg"), feed.Packages.Select(Path.GetFileName));

    [Fact]
    public void Package_HasIconReadmeLicenceAndSymbols()
    {
        foreach (var path in feed.Packages)
        {
            using var package = ZipFile.OpenRead(path);
            var metadata = MetadataOf(package);

            Assert.Equal("icon.png", Text(metadata, "icon"));
            Assert.Equal("README.md", Text(metadata, "readme"));
            Assert.Equal("MIT", Text(metadata, "license"));
            Assert.NotEqual("Package Description", Text(metadata, "description"));
            Assert.Contains(package.Entries, static entry => entry.FullName == "icon.png");
            Assert.Contains(package.Entries, static entry => entry.FullName == "README.md");
            if (package.Entries.Any(static entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal)))
                Assert.True(File.Exists(Path.ChangeExtension(path, ".snupkg")), path);
        }
    }

    /// <summary>docs/packages.md says for each dependency why it is there, so a new one needs a reason.</summary>
    [Fact]
    public void Dependencies_AreListedInTheDocs()
    {
        var page = File.ReadAllText(Path.Combine(LocalFeed.Repository, "docs/packages.md"));
        foreach (var path in feed.Packages)
        {
            using var package = ZipFile.OpenRead(path);
            var metadata = MetadataOf(package);
            Assert.Contains($"`{Text(metadata, "id")}`", page, StringComparison.Ordinal);
            foreach (var dependency in metadata.Descendants().Where(static element => element.Name.LocalName == "dependency"))
                Assert.Contains($"| `{dependency.Attribute("id")!.Value}` |", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EmptyProject_RunsTheCodeOfTheSeed_FromThePackages()
    {
        var folder = Directory.CreateDirectory(feed.PathOf("seed")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Seed.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Asdamir.Data" Version="{LocalFeed.Version}" />
              </ItemGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Program, TestContext.Current.CancellationToken);

        var output = await feed.DotnetAsync(folder, "run", "--project", Path.Combine(folder, "Seed.csproj"));

        Assert.Contains("NightlyReconcileJob Succeeded in the app crm", output, StringComparison.Ordinal);
        Assert.Contains("Recurring: crm:NightlyReconcileJob", output, StringComparison.Ordinal);
    }

    // The classes and calls are those of the seed; what surrounds them waits for the job.
    private const string Program = """
        using Asdamir.Data.HangfireJobs;
        using Asdamir.Data.HangfireJobs.Monitoring;

        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["HangfireJobs:AppQueue"] = "crm";
        builder.Configuration["HangfireJobs:RecurringJobIdPrefix"] = "crm";
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        builder.Services.AddSingleton<Bootstrap>();
        var app = builder.Build();
        app.UseCoreHangfireApi();        // JSON monitoring endpoints
        app.UseCoreHangfireDashboard();  // Hangfire dashboard (guard it behind auth!)
        await app.StartAsync();

        app.Services.GetRequiredService<Bootstrap>().Configure();
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        var monitor = app.Services.GetRequiredService<IJobMonitor>();
        var id = jobs.Enqueue<NightlyReconcileJob>();
        while (await monitor.FindJobAsync(id) is { State: not ("Succeeded" or "Failed") })
            await Task.Delay(50);
        var job = (await monitor.FindJobAsync(id))!;
        Console.WriteLine($"{job.Name} {job.State} in the app {job.App}");
        Console.WriteLine($"Recurring: {(await monitor.GetRecurringJobsAsync()).Single().Id}");
        await app.StopAsync();

        public sealed class NightlyReconcileJob : IJob
        {
            public string Name => nameof(NightlyReconcileJob);

            public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
            {
                try
                {
                    await ReconcileAsync(ct);
                    return JobResult.Success(TimeSpan.FromMinutes(2));
                }
                catch (Exception ex)
                {
                    return JobResult.Failure(ex.Message);   // re-thrown so Hangfire retry fires
                }
            }

            private static Task ReconcileAsync(CancellationToken ct) => Task.Delay(1, ct);
        }

        public sealed class Bootstrap(IHangfireJobService jobs)
        {
            public void Configure() => jobs.AddOrUpdateRecurring<NightlyReconcileJob>("0 2 * * *"); // 02:00 daily
        }
        """;

    private static XElement MetadataOf(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().First(static element => element.Name.LocalName == "metadata");
    }

    private static string? Text(XElement metadata, string name) =>
        metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}
