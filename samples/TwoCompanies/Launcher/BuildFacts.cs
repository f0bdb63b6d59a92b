using System.Reflection;

namespace TwoCompanies.Launcher;

/// <summary>Paths that the project file records.</summary>
internal static class BuildFacts
{
    public static string DataFolder => Find("DataFolder");

    public static string AdminConsole => Path.GetFullPath(Find("AdminConsole"));

    private static string Find(string key) =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
