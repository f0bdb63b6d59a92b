using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Asdamir.Data.CommandLine.Tests.Builds;

/// <summary>The folder of an app, as a build writes it.</summary>
internal static class CompiledBuild
{
    private const string Start = """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using Asdamir.Data.HangfireJobs;

        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) is { } name
                && (name.StartsWith("System", StringComparison.Ordinal) || name is "Asdamir.Data.dll" or "Hangfire.Core.dll"))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The body of a job that does nothing.</summary>
    public const string Nothing =
        "{ public Task<JobResult> ExecuteAsync(Mail args, IJobContext ctx, CancellationToken ct = default) => "
        + "Task.FromResult(JobResult.Success()); }";

    /// <param name="folder">Where the folder of the build is created.</param>
    /// <param name="code">Classes of the app.</param>
    /// <param name="name">The name of its assembly, which must be another one in each test process.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, string code, string name = "Crm")
    {
        var path = Path.Combine(folder, $"out-{Guid.NewGuid():n}");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, $"{name}.runtimeconfig.json"), "{}");
        var compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(Start + code)], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var result = compilation.Emit(Path.Combine(path, $"{name}.dll"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }
}
