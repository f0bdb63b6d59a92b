using System.Diagnostics;

namespace TwoCompanies.Launcher;

/// <summary>The AdminConsole on the databases of both companies, as a separate process.</summary>
internal static class ConsoleProcess
{
    private const string Url = "http://127.0.0.1:5090";

    public static async Task RunAsync(IReadOnlyDictionary<string, string> databases, string data, CancellationToken stop)
    {
        var folder = Path.Combine(data, "console");
        await RenewPasswordAsync(folder);
        var start = Start();
        start.Environment["Urls"] = Url;
        start.Environment["DataFolder"] = folder;
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

    // The console prints a password at its first start only, and the sample has no administrator who knows it later.
    private static async Task RenewPasswordAsync(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        var start = Start("accounts", "password", "operator", "--DataFolder", folder);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            Events.Write("console", $"Sign in as operator. {answer.Trim()}");
    }

    private static ProcessStartInfo Start(params IEnumerable<string> args) =>
        new("dotnet", [BuildFacts.AdminConsole, .. args]) { WorkingDirectory = Path.GetDirectoryName(BuildFacts.AdminConsole) };
}
