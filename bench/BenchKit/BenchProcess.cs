using System.Reflection;
using Kit;

namespace BenchKit;

/// <summary>The running bench once more, as a process with a part of the work.</summary>
public sealed class BenchProcess : ChildProcess
{
    private BenchProcess(IEnumerable<string> args)
        : base(["dotnet", Assembly.GetEntryAssembly()!.Location, .. args])
    {
    }

    /// <summary>Starts it, and waits until it writes <c>@ready</c>.</summary>
    public static async Task<BenchProcess> StartAsync(params IEnumerable<string> args)
    {
        var process = new BenchProcess(args);
        await process.ReadyAsync(TimeSpan.FromMinutes(2));
        return process;
    }

    /// <summary>Sends it a line.</summary>
    public void Order(string line) => Input.WriteLine(line);
}
