using System.Reflection;

namespace TwoCompanies.Launcher;

/// <summary>Where things are, as the project file says.</summary>
internal static class BuildFacts
{
    public static string DataFolder => Find("DataFolder");

    public static string AdminConsole => Path.GetFullPath(Find("AdminConsole"));

    private static string Find(string key) =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
