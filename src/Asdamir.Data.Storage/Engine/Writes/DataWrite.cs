namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>One change of a set, a hash or a list.</summary>
internal readonly record struct DataWrite(
    DataChange Change, string Key, string? Member = null, string? Value = null, double Score = 0, long? ExpireAt = null, int From = 0,
    int To = 0);

internal enum DataChange
{
    /// <summary>Member and Score.</summary>
    SetAdd,

    /// <summary>Member.</summary>
    SetRemove,
    SetClear,

    /// <summary>ExpireAt; without one it is kept.</summary>
    SetExpire,

    /// <summary>Member and Value.</summary>
    HashPut,
    HashClear,
    HashExpire,

    /// <summary>Value.</summary>
    ListPush,

    /// <summary>Value.</summary>
    ListRemove,

    /// <summary>From and To, the part that is kept.</summary>
    ListTrim,
    ListExpire,
}
