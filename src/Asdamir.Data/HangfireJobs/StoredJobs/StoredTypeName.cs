using System.Reflection.Metadata;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Compares the stored name of a type with a type of this process. The name is parsed and never resolved.</summary>
internal static class StoredTypeName
{
    private const int LongestName = 2_000;

    /// <remarks>Ignores versions of assemblies, and the assemblies of type arguments, because the framework moves its types.</remarks>
    public static bool IsOf(string? name, Type type) =>
        name is { Length: > 0 and <= LongestName }
        && TypeName.TryParse(name, out var parsed)
        && (parsed.AssemblyName is not { } assembly || IsFramework(type) || assembly.Name == type.Assembly.GetName().Name)
        && IsSame(parsed, type);

    private static bool IsSame(TypeName name, Type type)
    {
        if (type.IsArray)
            return name.IsArray && name.GetArrayRank() == type.GetArrayRank() && IsSame(name.GetElementType(), type.GetElementType()!);
        if (!type.IsConstructedGenericType)
            return name.IsSimple && name.FullName == type.FullName;
        return name.IsConstructedGenericType
            && name.GetGenericTypeDefinition().FullName == type.GetGenericTypeDefinition().FullName
            && name.GetGenericArguments() is var arguments
            && arguments.Length == type.GenericTypeArguments.Length
            && arguments.Zip(type.GenericTypeArguments).All(static pair => IsSame(pair.First, pair.Second));
    }

    private static bool IsFramework(Type type) => type.Assembly == typeof(object).Assembly;
}
