using System.Diagnostics;
using Asdamir.Data.CommandLine.Output;

namespace Asdamir.Data.CommandLine.Tests;

/// <summary>What one execution of the tool has written, and its exit code.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public const string User = "alice";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "dotnet-asdamir-jobs.dll");

    /// <param name="folder">The current folder of the tool.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="variables">Its environment.</param>
    /// <param name="hasColors">Whether it writes to a terminal.</param>
    public static async Task<ToolRun> InProcessAsync(
        string folder, IReadOnlyList<string> args, Dictionary<string, string>? variables = null, bool hasColors = false,
        TimeProvider? time = null)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        var environment = new ToolEnvironment
        {
            Folder = folder,
            Variables = variables ?? [],
            User = User,
            Time = time ?? TimeProvider.System,
        };
        var terminal = new Terminal { Out = output, Error = error, HasColors = hasColors };
        var code = await Tool.RunAsync(args, terminal, environment, TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the real tool and waits for its end.</summary>
    public static async Task<ToolRun> ProcessAsync(
        string folder, IReadOnlyList<string> args, Dictionary<string, string>? variables = null)
    {
        using var process = Start(folder, args, variables);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ToolRun(process.ExitCode, await output, await error);
    }

    public static Process Start(string folder, IReadOnlyList<string> args, Dictionary<string, string>? variables = null)
    {
        // A shell starts what runs in the background with SIGINT ignored, and its children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in variables ?? [])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
