namespace Asdamir.Data.Storage.Sql;

/// <summary>Executes statements: on connections of the storage, or inside the transaction of a caller.</summary>
internal interface ISessions
{
    /// <summary>For statements that read.</summary>
    Session Read();

    /// <summary>For one statement that writes.</summary>
    Session Write();

    /// <summary>A condition that holds when a column is one of the values of an array parameter.</summary>
    string AnyOf(string column, string parameter);

    /// <summary>The suffix of a subquery that skips locked rows.</summary>
    string SkipLocked { get; }
}
