using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>The statement of a change that concerns a whole key or a list, and its values; a missing one is a number.</summary>
internal readonly record struct KeyStatement(string Sql, params object?[] Values)
{
    public static KeyStatement Of(DataWrite write) => write.Change switch
    {
        DataChange.SetClear => new(KeyedTable.Sets.Clear, write.Key),
        DataChange.SetExpire => new(KeyedTable.Sets.Expire, write.Key, write.ExpireAt),
        DataChange.HashClear => new(KeyedTable.Hashes.Clear, write.Key),
        DataChange.HashExpire => new(KeyedTable.Hashes.Expire, write.Key, write.ExpireAt),
        DataChange.ListPush => new(ListTable.Push, write.Key, write.Value),
        DataChange.ListRemove => new(ListTable.Remove, write.Key, write.Value),
        DataChange.ListTrim => new(ListTable.Trim, write.Key, (long)write.From, (long)write.To),
        DataChange.ListExpire => new(KeyedTable.Lists.Expire, write.Key, write.ExpireAt),
        _ => throw new ArgumentOutOfRangeException(nameof(write), write.Change, "It concerns members of a set or fields of a hash."),
    };
}
