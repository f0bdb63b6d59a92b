using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Finds the members of arguments that have an attribute, as properties or as parameters of a record.</summary>
internal static class ArgumentMember
{
    /// <returns>Their names in JSON.</returns>
    public static List<string> With<TAttribute>(Type? argumentType)
        where TAttribute : Attribute
    {
        if (argumentType is null || ArgumentJson.Options.GetTypeInfo(argumentType) is not { Kind: JsonTypeInfoKind.Object } contract)
            return [];
        var parameters = argumentType.GetConstructors()
            .SelectMany(static constructor => constructor.GetParameters())
            .Where(static parameter => parameter.IsDefined(typeof(TAttribute)))
            .Select(static parameter => parameter.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. contract.Properties
                .Where(property => property.AttributeProvider is MemberInfo member
                    && (member.IsDefined(typeof(TAttribute), inherit: true) || parameters.Contains(member.Name)))
                .Select(static property => property.Name)
        ];
    }
}
