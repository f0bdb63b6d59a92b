namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Who has the keys that a commit wants.</summary>
/// <param name="Of">The keys that are taken, each with its job.</param>
/// <param name="Jobs">Those of these jobs that may be replaced.</param>
internal sealed record KeyHolders(IReadOnlyDictionary<string, long> Of, IReadOnlyDictionary<long, HeldJob> Jobs)
{
    public static readonly KeyHolders None = new(new Dictionary<string, long>(), new Dictionary<long, HeldJob>());
}
