using System.CommandLine;
using System.CommandLine.Invocation;
using Asdamir.Data.CommandLine.Commands;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.CommandLine;

/// <summary>Parses the command line and executes the command.</summary>
internal static class Tool
{
    private const string Name = "dotnet asdamir-jobs";

    // After Ctrl+C, until the connections are closed.
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(30);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, Terminal terminal, ToolEnvironment environment, CancellationToken cancellationToken)
    {
        var root = CommandList.Create(terminal, environment);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
                terminal.WriteError(WithoutSecrets(error.Message, args));
            terminal.WriteError($"'{Name} --help' lists the commands, '{Name} <command> --help' their options.");
            return ExitCode.Usage;
        }
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToEnd,
        };
        return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }

    // A connection string does not belong on the command line, and is not repeated when it stands there.
    private static string WithoutSecrets(string message, IEnumerable<string> args) =>
        args.Where(ShownSetting.MayBeSecret)
            .Aggregate(message, static (text, arg) => text.Replace(arg, "(not shown)", StringComparison.Ordinal));
}
