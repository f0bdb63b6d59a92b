using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// The limits of a job as its row has them: <c>["rule.key"]</c> with a hash of the name and a hash of the key, in one order. So limits of
/// any length and any characters have the same form, and jobs with the same limits have the same text.
/// </summary>
internal static class LimitIds
{
    /// <summary>How many characters of an id tell the rule.</summary>
    public const int RuleLength = 16;

    /// <returns><see langword="null"/> for none.</returns>
    public static string? Of(IReadOnlyList<JobLimit> limits) => limits.Count == 0 ? null : TextOf(
        [.. limits.Select(static limit => $"{OfRule(limit.Name)}.{Hash(limit.Key ?? "")}").Distinct().Order(StringComparer.Ordinal)]);

    /// <summary>Ids in their order, as a row has them.</summary>
    public static string TextOf(IReadOnlyList<string> ids) => JsonSerializer.Serialize(ids);

    public static string OfRule(string name) => Hash(name);

    /// <summary>The rules of limits as a row has them.</summary>
    public static IEnumerable<string> RulesOf(string limits) => IdsOf(limits).Select(RuleOf).Distinct(StringComparer.Ordinal);

    public static string RuleOf(string id) => id[..Math.Min(RuleLength, id.Length)];

    /// <summary>The ids in such a text.</summary>
    public static IReadOnlyList<string> IdsOf(string limits)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(limits) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>A place among such texts at which a reader may begin.</summary>
    public static string AnyStart() => $"[\"{RandomNumberGenerator.GetHexString(RuleLength, lowercase: true)}";

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..RuleLength];
}
