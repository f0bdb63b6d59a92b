using System.Reflection;

namespace Asdamir.Data.Tests.Samples;

/// <summary>A sample as a real process, with its jobs in a file of the test.</summary>
internal sealed class SampleProcess(string sample, TemporaryFolder folder, IReadOnlyDictionary<string, string>? environment = null)
    : ChildProcess(Command(sample, folder), environment)
{
    private static string[] Command(string sample, TemporaryFolder folder)
    {
        var project = Path.Combine(Metadata("Samples"), sample);
        return
        [
            "dotnet", Path.Combine(project, Metadata("BuildOutput"), $"{sample}.dll"),
            $"--contentRoot={project}",
            $"--HangfireJobs:Storage:ConnectionString={folder.Sqlite()}",
            "--Logging:Console:LogToStandardErrorThreshold=Trace",
        ];
    }

    private static string Metadata(string key) =>
        typeof(SampleProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
