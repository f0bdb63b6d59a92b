using System.Reflection;

namespace Asdamir.Data.Packages.Tests;

/// <summary>
/// All packages of the project, packed once as they were built, in a folder. Projects restore from it into a cache of their own, and
/// from the caches of this machine what the packages depend on.
/// </summary>
public sealed class LocalFeed : IAsyncLifetime
{
    /// <summary>No published version, and no part of a range that one could be.</summary>
    public const string Version = "0.0.1-local";

    private readonly TemporaryFolder _folder = new();

    public static string Repository { get; } = Path.GetFullPath(MetadataOf("Repository"));

    /// <summary>The paths of the packages.</summary>
    public IReadOnlyList<string> Packages { get; private set; } = [];

    public string PathOf(string name) => _folder.PathOf(name);

    public async ValueTask InitializeAsync()
    {
        await DotnetAsync(
            Repository, "build", Path.Combine(Repository, "eng/pack.proj"), "--nologo", "-nodeReuse:false", "-p:NoBuild=true",
            $"-p:Configuration={MetadataOf("Configuration")}", $"-p:PackageOutputPath={_folder.PathOf("feed")}",
            $"-p:MinVerVersionOverride={Version}");
        Packages = [.. Directory.GetFiles(_folder.PathOf("feed"), "*.nupkg").Order(StringComparer.Ordinal)];
        await File.WriteAllTextAsync(
            _folder.PathOf("nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="local" value="{_folder.PathOf("feed")}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{MachineCache}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Executes dotnet, without the caches and templates of the user.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        string[] environment =
        [
            $"NUGET_PACKAGES={_folder.PathOf("cache")}", $"DOTNET_CLI_HOME={_folder.PathOf("home")}", "DOTNET_NOLOGO=1",
            "DOTNET_CLI_TELEMETRY_OPTOUT=1", "DOTNET_CLI_UI_LANGUAGE=en", "MSBUILDDISABLENODEREUSE=1", "UseSharedCompilation=false",
        ];
        var (exitCode, output) = await Tool.RunAsync(
            "env", ["-C", folder, .. environment, "dotnet", .. arguments], TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private static string MachineCache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string MetadataOf(string key) =>
        typeof(LocalFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == key).Value!;
}
