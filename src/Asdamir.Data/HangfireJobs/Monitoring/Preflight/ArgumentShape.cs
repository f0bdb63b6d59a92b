using System.Text;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Monitoring.Preflight;

/// <summary>
/// Which properties JSON has, and of what kinds, as a text. Arguments of one shape were stored by builds that wrote the same.
/// </summary>
internal static class ArgumentShape
{
    private const int LongestShape = 2_000;
    private const int MaxDepth = 8;

    // A hostile row may have more than a comparison should read.
    private const int LongestCompared = 256 * 1024;

    /// <summary>Whether the JSON is small enough to be compared property by property.</summary>
    public static bool IsComparable(JsonElement args) => args.GetRawText().Length <= LongestCompared;

    public static string Of(JsonElement? args)
    {
        if (args is not { } json)
            return "";
        var shape = new StringBuilder();
        Append(shape, json, 0);
        return shape.ToString(0, Math.Min(shape.Length, LongestShape));
    }

    private static void Append(StringBuilder shape, JsonElement json, int depth)
    {
        if (shape.Length > LongestShape || depth > MaxDepth)
            return;
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                shape.Append('{');
                foreach (var property in json.EnumerateObject())
                {
                    if (shape.Length > LongestShape)
                        return;
                    shape.Append(NameOf(property)).Append(':');
                    Append(shape, property.Value, depth + 1);
                    shape.Append(',');
                }
                shape.Append('}');
                break;
            case JsonValueKind.Array:
                // The elements of a list are alike.
                shape.Append('[');
                if (json.GetArrayLength() > 0)
                    Append(shape, json[0], depth + 1);
                shape.Append(']');
                break;
            case JsonValueKind.True or JsonValueKind.False:
                shape.Append('b');
                break;
            case JsonValueKind.String:
                shape.Append('s');
                break;
            case JsonValueKind.Number:
                shape.Append('n');
                break;
            default:
                shape.Append('-');
                break;
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate.
            return "\uFFFD";
        }
    }
}
