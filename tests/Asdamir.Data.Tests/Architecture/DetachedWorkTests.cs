using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>Every thread, task and timer that outlives its caller is started without the caller's execution context.</summary>
public sealed partial class DetachedWorkTests
{
    // The caller waits for them, or they live as long as the job or the call they belong to.
    private static readonly string[] OfTheirCaller =
    [
        "JobJournal.cs", "HangfireJobsHealthCheck.cs", "StoredJobAction.cs", "Company.cs", "CompanyDirectory.cs", "PostgreSqlListener.cs",
        "JobBatch.cs", "DedicatedThread.cs", "AwaitedCommit.cs", "HangfireJobService.cs", "Waits.cs",
    ];

    [Fact]
    public void Start_IsDetached_OrOfItsCaller()
    {
        var sources = Directory.EnumerateFiles(SourceFolder(), "*.cs", SearchOption.AllDirectories)
            .Where(
                static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .ToList();
        Assert.NotEmpty(sources);

        var attached = sources.SelectMany(
            static file => File.ReadLines(file).Select(line => (File: Path.GetFileName(file), Line: line.Trim())))
            .Where(static entry =>
                Starts().IsMatch(entry.Line) && !entry.Line.Contains("Detached.Start(", StringComparison.Ordinal)
                    && !entry.Line.Contains(".UnsafeStart()", StringComparison.Ordinal))
            .Where(static entry => !OfTheirCaller.Contains(entry.File))
            // Its thread is started in the next line.
            .Where(static entry => !entry.Line.StartsWith("_thread = new Thread(Run)", StringComparison.Ordinal));

        Assert.Empty(attached);
    }

    private static string SourceFolder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "src"));

    [GeneratedRegex(@"new Thread\(|\.Start\(\);$|Task\.Run\(|Factory\.StartNew\(|new Timer\(|CreateTimer\(|Task\.Delay\(.*\.ContinueWith\(|QueueUserWorkItem\(")]
    private static partial Regex Starts();
}
