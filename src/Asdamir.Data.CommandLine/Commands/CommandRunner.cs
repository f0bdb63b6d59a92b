using System.CommandLine;
using System.Data.Common;
using Asdamir.Data.CommandLine.Connections;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Executes commands: opens the schema, and turns exceptions into messages and exit codes.</summary>
internal sealed class CommandRunner(Terminal terminal, ToolEnvironment environment)
{
    private readonly ConnectionOptions _connection = new();

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write a JSON document, for programs.",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        _connection.AddTo(root);
        root.Add(_json);
    }

    /// <summary>Sets what a command does.</summary>
    public void Handle(Command command, Func<CommandCall, CancellationToken, Task<int>> execute) =>
        command.SetAction((parsed, cancellationToken) => GuardedAsync(parsed, execute, cancellationToken));

    /// <summary>Sets what a command does with a monitor of the schema.</summary>
    public void Handle(Command command, Func<CommandCall, IJobMonitor, CancellationToken, Task<int>> execute) =>
        Handle(command, async (call, cancellationToken) =>
        {
            using var monitor = call.Location.Observe(environment.Time, []);
            return await execute(call, monitor, cancellationToken).ConfigureAwait(false);
        });

    private async Task<int> GuardedAsync(
        ParseResult parsed, Func<CommandCall, CancellationToken, Task<int>> execute, CancellationToken cancellationToken)
    {
        try
        {
            var call = new CommandCall
            {
                Parsed = parsed,
                Location = _connection.Of(parsed, environment),
                Terminal = terminal,
                Environment = environment,
                IsJson = parsed.GetValue(_json),
            };
            return await execute(call, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (UsageException exception)
        {
            foreach (var line in exception.Message.Split(Environment.NewLine))
                terminal.WriteError(line);
            return ExitCode.Usage;
        }
        catch (ArgumentException exception)
        {
            terminal.WriteError(exception.Message);
            return ExitCode.Usage;
        }
        catch (Exception exception)
            when (exception is JobStorageUnavailableException or JobAuditException or NotSupportedException or DbException)
        {
            terminal.WriteError(exception is JobAuditException { InnerException: { } reason }
                ? $"{exception.Message} {reason.Message}"
                : exception.Message);
            return ExitCode.Unavailable;
        }
    }
}
