using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>
/// Walks the JSON contract of an argument type at start-up and finds what would arrive changed, or not at all. Types and
/// properties with their own JsonConverter are trusted.
/// </summary>
internal sealed class ArgumentContract
{
    private const int MaxDepth = 32;

    private readonly HashSet<Type> _seen = [];
    private readonly List<string> _faults = [];

    /// <returns>Each with the member and the fix.</returns>
    public static IReadOnlyList<string> FaultsOf(Type argumentType)
    {
        var contract = new ArgumentContract();
        contract.Check(argumentType, "", 0);
        return contract._faults;
    }

    private void Check(Type type, string path, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (depth > MaxDepth || !_seen.Add(type))
            return;
        if (TryGet(type, path) is not { } contract)
            return;
        if (IsTrusted(contract))
            return;
        if (ArgumentTypes.FaultOf(type) is { } fault)
        {
            Add(path, type, fault.What, fault.Fix);
            return;
        }

        switch (contract.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(contract, path, depth);
                break;
            case JsonTypeInfoKind.Enumerable:
                CheckCollection(contract, path, "[]");
                Check(contract.ElementType!, path + "[]", depth + 1);
                break;
            case JsonTypeInfoKind.Dictionary:
                CheckCollection(contract, path, "{}");
                if (!ArgumentTypes.IsKey(contract.KeyType!) && TryGet(contract.KeyType!, path) is { } key && !IsTrusted(key))
                {
                    Add(
                        path, type, $"has keys of type {TypeName.Of(contract.KeyType!)}, which JSON cannot read",
                        "use text, numbers, dates or enums as keys, or a list of pairs");
                }
                Check(contract.ElementType!, path + "[]", depth + 1);
                break;
        }
    }

    private void CheckObject(JsonTypeInfo contract, string path, int depth)
    {
        var type = contract.Type;
        if (contract.PolymorphismOptions is { } polymorphism)
        {
            foreach (var derived in polymorphism.DerivedTypes)
            {
                if (derived.TypeDiscriminator is null)
                {
                    Add(
                        path, type,
                        $"has no discriminator for {TypeName.Of(derived.DerivedType)}, so that it would be read as {TypeName.Of(type)}",
                        $"write [JsonDerivedType(typeof({TypeName.Of(derived.DerivedType)}), \"…\")]");
                }
                Check(derived.DerivedType, $"{path}<{TypeName.Of(derived.DerivedType)}>", depth + 1);
            }
        }
        if ((type.IsAbstract || type.IsInterface) && contract.PolymorphismOptions is not { DerivedTypes.Count: > 0 })
        {
            Add(
                path, type, $"is {(type.IsInterface ? "an interface" : "abstract")}, which JSON cannot create",
                "declare the class, or put [JsonPolymorphic] and a [JsonDerivedType] for each class on it");
            return;
        }

        foreach (var (member, what, fix) in ArgumentMembers.FaultsOf(contract))
        {
            if (ArgumentTypes.IsOfTheFramework(type) && !type.IsGenericType)
            {
                Add(path, type, "is not carried by JSON", "pass its value as text or numbers");
                return;
            }
            Add(member.Length == 0 ? path : Join(path, member), type, what, fix);
        }
        foreach (var property in contract.Properties.Where(static property =>
            property is { IsExtensionData: false, CustomConverter: null }
                && (property.Set is not null || property.AssociatedParameter is not null)))
        {
            Check(
                property.PropertyType,
                Join(path, property.AttributeProvider is System.Reflection.MemberInfo member ? member.Name : property.Name), depth + 1);
        }
    }

    // An empty one is read, as only that says whether JSON can create and fill it.
    private void CheckCollection(JsonTypeInfo contract, string path, string empty)
    {
        try
        {
            JsonSerializer.Deserialize(empty, contract);
        }
        catch (Exception exception)
        {
            Add(
                path, contract.Type, $"cannot be read from JSON ({FirstSentence(exception)})",
                "declare it as an array, a List or a Dictionary");
            return;
        }
        foreach (var (member, what, fix) in ArgumentMembers.StateOfCollection(contract.Type))
            Add(Join(path, member), contract.Type, what, fix);
    }

    private JsonTypeInfo? TryGet(Type type, string path)
    {
        try
        {
            return ArgumentJson.Options.GetTypeInfo(type);
        }
        catch (Exception exception)
        {
            var (what, fix) = ArgumentTypes.FaultOf(type)
                ?? ($"has no JSON contract ({FirstSentence(exception)})", "correct the type, or give it a JsonConverter");
            Add(path, type, what, fix);
            return null;
        }
    }

    private static bool IsTrusted(JsonTypeInfo contract) =>
        contract.Converter.GetType().Assembly is var assembly && assembly != typeof(JsonSerializer).Assembly
            && assembly != typeof(ArgumentContract).Assembly;

    private void Add(string path, Type type, string what, string fix) =>
        _faults.Add(path.Length == 0 ? $"{TypeName.Of(type)} {what}. Fix: {fix}." : $"{path} ({TypeName.Of(type)}) {what}. Fix: {fix}.");

    private static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    private static string FirstSentence(Exception exception) => exception.Message.Split(". ")[0].TrimEnd('.');
}
