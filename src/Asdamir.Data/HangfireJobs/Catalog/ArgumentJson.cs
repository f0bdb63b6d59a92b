using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>
/// <see cref="JobArguments.Json"/> as arguments use it. It writes the same text, but refuses values that would arrive changed:
/// text that is not valid Unicode, and objects of a class derived from the declared one, whose own properties would not be written.
/// </summary>
internal static class ArgumentJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JobArguments.Json)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RefuseDerived } },
        };
        options.Converters.Add(new ArgumentText());
        options.Converters.Add(new ArgumentCharacter());
        options.MakeReadOnly();
        return options;
    }

    private static void RefuseDerived(JsonTypeInfo contract)
    {
        if (contract is not
            {
                Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null, Type: { IsSealed: false, IsValueType: false } declared
            })
        {
            return;
        }
        var inner = contract.OnSerializing;
        contract.OnSerializing = value =>
        {
            if (value.GetType() != declared)
            {
                throw new JsonException(
                    $"The value is a {TypeName.Of(value.GetType())}, but declared as {TypeName.Of(declared)}: "
                        + $"what {TypeName.Of(value.GetType())} adds would be lost. "
                        + $"Declare it as {TypeName.Of(value.GetType())}, or put [JsonPolymorphic] and "
                        + $"[JsonDerivedType(typeof({TypeName.Of(value.GetType())}), \"…\")] on {TypeName.Of(declared)}.");
            }
            inner?.Invoke(value);
        };
    }
}
