namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>A table whose rows belong to a key.</summary>
/// <param name="Name">The table.</param>
/// <param name="Order">The order of the values of a key.</param>
internal sealed record KeyedTable(string Name, string Order)
{
    public static readonly KeyedTable Sets = new("set_item", "score, value");
    public static readonly KeyedTable Hashes = new("hash_field", "field");
    public static readonly KeyedTable Lists = new("list_item", "id DESC");

    /// <summary>Deletes the rows of a key: $1 key.</summary>
    public readonly string Clear = $"DELETE FROM {{s}}{Name} WHERE key = $1";

    /// <summary>Sets when the rows of a key expire: $1 key, $2 time or nothing.</summary>
    public readonly string Expire = $"UPDATE {{s}}{Name} SET expire_at = $2 WHERE key = $1";

    private readonly string _ofKey = $"FROM {{s}}{Name} WHERE key = @key";

    /// <summary>Values in their order.</summary>
    public List<string> Values(ISessions sessions, string key, long from = 0, long count = long.MaxValue) =>
        sessions.Texts(
            $"SELECT value {_ofKey} ORDER BY {Order} LIMIT @count OFFSET @from", ("@key", key), ("@from", from), ("@count", count));

    public long Count(ISessions sessions, string key) => sessions.Number($"SELECT count(*) {_ofKey}", ("@key", key)) ?? 0;

    public long? ExpireAt(ISessions sessions, string key) => sessions.Number($"SELECT min(expire_at) {_ofKey}", ("@key", key));
}
