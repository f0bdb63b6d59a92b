using Kit;

namespace Chaos.Processes;

/// <summary>An app of the company as a separate process.</summary>
internal sealed class AppProcess : ChildProcess
{
    private AppProcess(string role, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
        : base(["dotnet", typeof(AppProcess).Assembly.Location, role, .. arguments], environment)
    {
    }

    public static AppProcess Start(string role, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        new(role, arguments, environment);
}
