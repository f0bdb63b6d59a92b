using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Compares the state of a class with its JSON contract: what the contract does not write, or cannot set, would be lost.</summary>
internal static class ArgumentMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IEnumerable<(string Member, string What, string Fix)> FaultsOf(JsonTypeInfo contract)
    {
        if (ConstructorFault(contract) is { } fault)
        {
            yield return fault;
            yield break;
        }
        foreach (var property in contract.Properties)
        {
            if (LossOf(contract, property) is { } loss)
                yield return (NameOf(property), loss.What, loss.Fix);
        }
        foreach (var member in Unwritten(contract))
            yield return member;
    }

    /// <summary>The members of a class that JSON writes as a list or dictionary, in addition to its elements.</summary>
    public static IEnumerable<(string Member, string What, string Fix)> StateOfCollection(Type type) =>
        from declaring in ArgumentTypes.BaseTypes(type)
        where !ArgumentTypes.IsOfTheFramework(declaring)
        from property in declaring.GetProperties(Declared)
        where property.GetMethod is { IsPublic: true } && HasBackingField(property) && !IsDecided(property)
        select (property.Name, "would be lost, as JSON writes only the elements of a collection",
            "put the collection into a property of a separate class");

    private static (string, string, string)? ConstructorFault(JsonTypeInfo contract)
    {
        var type = contract.Type;
        if (type.IsAbstract || type.IsInterface)
            return null;
        if (contract.ConstructorAttributeProvider is ConstructorInfo constructor)
        {
            var bound = contract.Properties.Select(static property => property.AssociatedParameter?.Position).ToHashSet();
            return constructor.GetParameters().FirstOrDefault(parameter => !bound.Contains(parameter.Position)) is { } free
                ? ($"constructor parameter {free.Name}", "has no property of its name and type", "name the property like the parameter")
                : null;
        }
        return contract.CreateObject is null && !type.IsValueType
            ? ("", "has no constructor that JSON can use", "add a public constructor without parameters, or put [JsonConstructor] on one")
            : null;
    }

    private static (string What, string Fix)? LossOf(JsonTypeInfo contract, JsonPropertyInfo property)
    {
        if (property.IsExtensionData || property.AttributeProvider is not PropertyInfo member)
            return null;
        if (property.Get is null && IsDecided(member))
            return null;
        if (property.Get is null)
            return ("is not written, as it has no public getter", "give it one, or put [JsonInclude] or [JsonIgnore] on it");
        if (property.Set is not null || property.AssociatedParameter is not null || IsPopulated(contract, property))
            return null;
        if (member.SetMethod is not null)
            return ("cannot be read back, as its setter is not public", "make it init or set, or put [JsonInclude] on it");
        return HasBackingField(member) && !IsConstant(contract.Type, member)
            ? ("cannot be read back, as it has no setter and no constructor parameter",
                "give it an init or set, or a constructor parameter of its name")
            : null;
    }

    // Without a setter and with one constructor, the property is the same after each construction.
    private static bool IsConstant(Type type, PropertyInfo member) =>
        ArgumentTypes.IsSimple(member.PropertyType) && !type.IsValueType
        && type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Count(constructor => !IsCopy(constructor, type)) == 1;

    private static bool IsCopy(ConstructorInfo constructor, Type type) =>
        constructor.GetParameters() is [var only] && only.ParameterType == type;

    private static bool IsPopulated(JsonTypeInfo contract, JsonPropertyInfo property) =>
        (property.ObjectCreationHandling ?? contract.PreferredPropertyObjectCreationHandling) == JsonObjectCreationHandling.Populate;

    private static IEnumerable<(string, string, string)> Unwritten(JsonTypeInfo contract)
    {
        var written = contract.Properties.Select(static property => property.AttributeProvider).OfType<MemberInfo>()
            .Select(static member => member.Name).ToHashSet();
        const string fix = "make it a public property, or put [JsonInclude] or [JsonIgnore] on it";
        var hasState = false;
        foreach (var type in ArgumentTypes.BaseTypes(contract.Type))
        {
            foreach (var field in type.GetFields(Declared))
            {
                hasState = true;
                if (!field.IsPrivate && !field.IsFamily && !written.Contains(field.Name) && !IsDecided(field))
                    yield return (field.Name, "is a field, which JSON does not write", fix);
            }
            foreach (var property in type.GetProperties(Declared))
            {
                if (property.GetMethod is { IsPublic: false, IsPrivate: false, IsFamily: false } && HasBackingField(property)
                    && !written.Contains(property.Name) && !IsDecided(property))
                {
                    yield return (property.Name, "is not public, so JSON does not write it", fix);
                }
            }
        }
        if (hasState && !contract.Type.IsAbstract
            && !contract.Properties.Any(static property =>
                property.Set is not null || property.AssociatedParameter is not null || IsDecided(property.AttributeProvider)))
        {
            yield return ("", "has nothing that JSON can read back, although it has state",
                "give it public properties that can be set, or a JsonConverter");
        }
    }

    private static bool HasBackingField(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is { } field
        && field.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary>Whether an attribute states the author's intention.</summary>
    private static bool IsDecided(ICustomAttributeProvider? member) =>
        member?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) == true;

    private static string NameOf(JsonPropertyInfo property) => (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;
}
