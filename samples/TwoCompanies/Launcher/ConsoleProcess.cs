using System.Diagnostics;

namespace TwoCompanies.Launcher;

/// <summary>The AdminConsole on the databases of both companies, as a separate process.</summary>
internal static class ConsoleProcess
{
    private const string Url = "http://127.0.0.1:5090";

    public static async Task RunAsync(IReadOnlyDictionary<string, string> databases, string data, CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet", [BuildFacts.AdminConsole])
        {
            WorkingDirectory = Path.GetDirectoryName(BuildFacts.AdminConsole),
        };
        start.Environment["Urls"] = Url;
        start.Environment["DataFolder"] = Path.Combine(data, "console");
        for (var i = 0; i < Company.All.Count; i++)
        {
            var company = Company.All[i];
            start.Environment[$"Companies__{i}__Code"] = company.Code;
            start.Environment[$"Companies__{i}__Name"] = company.Name;
            start.Environment[$"Companies__{i}__Storage__Provider"] = "PostgreSql";
            start.Environment[$"Companies__{i}__Storage__ConnectionString"] = databases[company.Code];
        }

        using var process = Process.Start(start)!;
        Events.Write("console", $"{Url} (process {process.Id})");
        await process.WaitForExitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited && OperatingSystem.IsWindows())
            process.Kill();
        else if (!process.HasExited)
            Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
        await process.WaitForExitAsync(CancellationToken.None);
        Events.Write("console", "has stopped");
    }
}
