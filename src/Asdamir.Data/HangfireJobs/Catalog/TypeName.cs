namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>The simple name of a type, of a closed generic one with its arguments: <c>Import&lt;Customer&gt;</c>.</summary>
internal static class TypeName
{
    public static string Of(Type type)
    {
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsGenericType)
            return type.Name;
        var name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(",", type.GetGenericArguments().Select(Of))}>";
    }
}
