using System.Reflection;
using System.Text.Json.Nodes;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>What trimming and native AOT would break is said when the app is built, published and started.</summary>
[Slow]
public sealed class PublishingTests
{
    private static readonly string Targets = Path.Combine(
        typeof(PublishingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "Sources")
            .Value!,
        "Asdamir.Data.Storage", "buildTransitive", "Asdamir.Data.Storage.targets");

    [Theory]
    [InlineData("AsdamirCheckTrimming", "PublishAot", 0, "warning ASDAMIR001")]
    [InlineData("AsdamirCheckTrimming", "PublishTrimmed", 0, "warning ASDAMIR001")]
    [InlineData("AsdamirCheckPublishing", "PublishAot", 1, "error ASDAMIR001")]
    [InlineData("AsdamirCheckPublishing", "PublishTrimmed", 1, "error ASDAMIR001")]
    public async Task Build_SaysThatJobsDoNotWork_WhenTheAppIsTrimmed(string target, string property, int exitCode, string message)
    {
        using var folder = new TemporaryFolder();
        var project = folder.PathOf("app.proj");
        await File.WriteAllTextAsync(
            project, $"<Project><Import Project=\"{Targets}\" /></Project>", TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync("msbuild", project, $"-t:{target}", $"-p:{property}=true", "-nologo");

        Assert.Equal(exitCode, code);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Contains("Fix: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "ASDAMIR001", (await RunAsync("msbuild", project, $"-t:{target}", "-nologo")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported")]
    [InlineData("System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault")]
    public async Task Start_EndsWithTheFix_WhenTheAppWasPublishedWithoutWhatItNeeds(string feature)
    {
        using var folder = new TemporaryFolder();
        var app = Path.Combine(AppContext.BaseDirectory, "Apps.Shop");
        var config = JsonNode.Parse(await File.ReadAllTextAsync($"{app}.runtimeconfig.json", TestContext.Current.CancellationToken))!;
        var options = config["runtimeOptions"]!.AsObject();
        (options["configProperties"] ??= new JsonObject()).AsObject()[feature] = false;
        var changed = folder.PathOf("runtimeconfig.json");
        await File.WriteAllTextAsync(changed, config.ToJsonString(), TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync(
            "exec", "--runtimeconfig", changed, $"{app}.dll", $"--urls={LocalPort.AnyUrl}",
            $"--HangfireJobs:Storage:ConnectionString={folder.Sqlite()}");

        Assert.NotEqual(0, code);
        Assert.Contains(
            "The background jobs find types by reflection, which this app was published without. Fix: ", output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        Tool.RunAsync("dotnet", arguments, TestContext.Current.CancellationToken);
}
