using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Finds the first place at which two JSON values differ. The order of properties does not matter.</summary>
internal static class JsonDifference
{
    public static string? PathOf(JsonElement left, JsonElement right, string path = "$")
    {
        if (left.ValueKind != right.ValueKind)
            return path;
        return left.ValueKind switch
        {
            JsonValueKind.Object => OfObjects(left, right, path),
            JsonValueKind.Array => OfArrays(left, right, path),
            _ => left.GetRawText() == right.GetRawText() ? null : path,
        };
    }

    private static string? OfObjects(JsonElement left, JsonElement right, string path)
    {
        foreach (var property in left.EnumerateObject())
        {
            var difference = right.TryGetProperty(property.Name, out var other)
                ? PathOf(property.Value, other, $"{path}.{property.Name}")
                : $"{path}.{property.Name}";
            if (difference is not null)
                return difference;
        }
        return right.EnumerateObject()
            .FirstOrDefault(
                property => !left.TryGetProperty(property.Name, out _)) is { Value.ValueKind: not JsonValueKind.Undefined } added
            ? $"{path}.{added.Name}"
            : null;
    }

    private static string? OfArrays(JsonElement left, JsonElement right, string path)
    {
        if (left.GetArrayLength() != right.GetArrayLength())
            return path;
        return left.EnumerateArray().Zip(right.EnumerateArray())
            .Select((pair, index) => PathOf(pair.First, pair.Second, $"{path}[{index}]"))
            .FirstOrDefault(static difference => difference is not null);
    }
}
