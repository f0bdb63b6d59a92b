using System.Data;

namespace Asdamir.Data.Storage.Sql;

/// <summary>A value of a statement with its type, so that a missing value has one too. Written as <c>("@id", 5L)</c>.</summary>
internal readonly record struct Parameter(string Name, DbType Type, object? Value)
{
    public static implicit operator Parameter((string Name, string? Value) pair) =>
        new(pair.Name, DbType.String, pair.Value is { } text ? StorableText.Of(text) : null);

    public static implicit operator Parameter((string Name, long Value) pair) => new(pair.Name, DbType.Int64, pair.Value);

    public static implicit operator Parameter((string Name, long? Value) pair) => new(pair.Name, DbType.Int64, pair.Value);

    public static implicit operator Parameter((string Name, double Value) pair) => new(pair.Name, DbType.Double, pair.Value);

    public static implicit operator Parameter((string Name, string[] Value) pair) =>
        new(pair.Name, DbType.Object, Array.ConvertAll(pair.Value, StorableText.Of));

    public static implicit operator Parameter((string Name, long[] Value) pair) => new(pair.Name, DbType.Object, pair.Value);
}
