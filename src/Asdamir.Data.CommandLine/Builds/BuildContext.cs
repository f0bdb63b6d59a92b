using System.Reflection;
using System.Runtime.Loader;

namespace Asdamir.Data.CommandLine.Builds;

/// <summary>
/// Loads the assemblies of a build beside those of the tool. The packages that know what a job is are the tool's, so that their types are
/// the same on both sides; so are the assemblies of the runtime.
/// </summary>
internal sealed class BuildContext(string assembly) : AssemblyLoadContext($"build of {assembly}")
{
    private static readonly string[] Shared = ["Asdamir.Data", "Asdamir.Data.Storage", "Hangfire.Core"];

    private static readonly string OwnFolder = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);

    private static readonly HashSet<string> OfRuntime =
    [
        .. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
            .Where(static path => path.Length > 0 && Path.GetDirectoryName(path) != OwnFolder)
            .Select(static path => Path.GetFileNameWithoutExtension(path)),
    ];

    private readonly AssemblyDependencyResolver _resolver = new(assembly);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name is not { } name || Shared.Contains(name) || OfRuntime.Contains(name) ? null
        : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path)
        : null;
}
