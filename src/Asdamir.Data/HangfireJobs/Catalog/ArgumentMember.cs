using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Finds the members of arguments that have an attribute, as properties or as parameters of a record.</summary>
internal static class ArgumentMember
{
    /// <summary>Finds the property of arguments with this name in C#.</summary>
    /// <returns>Its name in JSON; <see langword="null"/> when there is none.</returns>
    public static string? Named(Type? argumentType, string name) => PropertiesOf(argumentType)
        .FirstOrDefault(property => property.AttributeProvider is MemberInfo member && member.Name == name)?.Name;

    /// <returns>Their names in JSON.</returns>
    public static List<string> With<TAttribute>(Type? argumentType)
        where TAttribute : Attribute
    {
        if (argumentType is null)
            return [];
        var parameters = argumentType.GetConstructors()
            .SelectMany(static constructor => constructor.GetParameters())
            .Where(static parameter => parameter.IsDefined(typeof(TAttribute)))
            .Select(static parameter => parameter.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. PropertiesOf(argumentType)
                .Where(property => property.AttributeProvider is MemberInfo member
                    && (member.IsDefined(typeof(TAttribute), inherit: true) || parameters.Contains(member.Name)))
                .Select(static property => property.Name)
        ];
    }

    private static IEnumerable<JsonPropertyInfo> PropertiesOf(Type? argumentType) =>
        argumentType is not null && ArgumentJson.Options.GetTypeInfo(argumentType) is { Kind: JsonTypeInfoKind.Object } contract
            ? contract.Properties
            : [];
}
