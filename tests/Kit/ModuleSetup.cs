using System.Runtime.CompilerServices;

/// <summary>Every test project begins with this: many hosts run side by side, and tests block threads.</summary>
internal static class ModuleSetup
{
    private const int Threads = 64;

    [ModuleInitializer]
    internal static void Prepare()
    {
        // The hosts' watches on their settings would use up the machine's inotify instances; processes that are started inherit this.
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
        ThreadPool.GetMinThreads(out _, out var ports);
        ThreadPool.SetMinThreads(Threads, ports);
    }
}
