using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Asdamir.Data.CommandLine.Connections;

namespace Asdamir.Data.CommandLine.Builds;

/// <summary>The folder of an app that was built or published.</summary>
internal static class AppBuild
{
    private const string RuntimeSettings = ".runtimeconfig.json";
    private const string Package = "Asdamir.Data";

    /// <summary>Loads the assemblies that may contain job types, that of the app first. No code of the app is started.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name of the app's assembly; <see langword="null"/> when the folder has one app.</param>
    /// <exception cref="UsageException">It is not the folder of such an app.</exception>
    public static IReadOnlyList<Assembly> Load(string folder, string? name)
    {
        var app = FileOfApp(folder, name);
        var context = new BuildContext(app);
        string[] others =
        [
            .. Directory.EnumerateFiles(folder, "*.dll").Where(file => file != app && Uses(file)).Order(StringComparer.Ordinal),
        ];
        if (others.Length == 0 && !Uses(app))
        {
            throw new UsageException(
                $"--build = '{folder}' has no assembly that uses {Package}. Fix: name the folder that 'dotnet publish' wrote for the app.");
        }
        try
        {
            return [.. others.Prepend(app).Select(context.LoadFromAssemblyPath)];
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            throw new UsageException(
                $"--build = '{folder}' cannot be loaded: {exception.Message} Fix: publish the app for this version of .NET, "
                    + "without ReadyToRun for another processor.");
        }
    }

    private static string FileOfApp(string folder, string? name)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"--build = '{folder}' is not a folder. Fix: name the folder that 'dotnet publish' wrote.");
        string[] apps =
        [
            .. Directory.EnumerateFiles(folder, $"*{RuntimeSettings}")
                .Select(static file => Path.GetFileName(file)[..^RuntimeSettings.Length])
                .Where(app => name is null || app.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        return apps switch
        {
            [var only] when Path.Combine(folder, $"{only}.dll") is var file && File.Exists(file) => file,
            [_, _, ..] => throw new UsageException(
                $"--build = '{folder}' has several apps: {string.Join(", ", apps)}. Fix: name one with --assembly."),
            _ => throw new UsageException(
                $"--build = '{folder}' has no app{(name is null ? "" : $" '{name}'")}: there is no file with the end "
                    + $"'{RuntimeSettings}' and its .dll. Fix: name the folder that 'dotnet publish' wrote, not as a single file."),
        };
    }

    private static bool Uses(string file)
    {
        if (Path.GetFileNameWithoutExtension(file) is Package or $"{Package}.Storage" or $"{Package}.Testing")
            return false;
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            if (!image.HasMetadata)
                return false;
            var metadata = image.GetMetadataReader();
            return metadata.AssemblyReferences.Any(
                handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, Package));
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
