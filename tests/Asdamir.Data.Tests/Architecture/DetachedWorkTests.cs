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
        "JobBatch.cs", "CallersTransaction.cs", "DedicatedThread.cs", "AwaitedCommit.cs", "HangfireJobService.cs", "Waits.cs",
        "Expectations.cs", "ScheduleStart.cs",
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

    // An exception on such a thread would end the process.
    [Fact]
    public void EveryThreadOfTheStorage_RestartsItsWorkAfterAnException()
    {
        var sources = Directory.GetFiles(Path.Combine(SourceFolder(), "Asdamir.Data.Storage"), "*.cs", SearchOption.AllDirectories)
            .Select(static file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file)))
            .Where(static source => source.Text.Contains("new Thread(", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(sources);

        Assert.All(sources, static source =>
        {
            Assert.Contains("new Thread(Run)", source.Text, StringComparison.Ordinal);
            Assert.Contains("private void Run() => BackgroundWork.Keep(", source.Text, StringComparison.Ordinal);
        });
    }

    private static string SourceFolder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "src"));

    [GeneratedRegex(@"new Thread\(|\.Start\(\);$|Task\.Run\(|Factory\.StartNew\(|new Timer\(|CreateTimer\(|Task\.Delay\(.*\.ContinueWith\(|QueueUserWorkItem\(")]
    private static partial Regex Starts();
}
