using System.Globalization;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// One delivery of one row of a queue: a claim that was given back and taken again is another one. So is one that a crash
/// of the database undid, which only the time tells: its delivery is counted again.
/// </summary>
internal readonly record struct ClaimToken(long Id, long Delivery, long At)
{
    /// <summary>Makes ids of workers long enough for Hangfire's dashboard, which shows the first eight characters.</summary>
    public const string WorkerPrefix = "claim-";

    /// <summary>Its id as the id of a worker.</summary>
    public string WorkerId => WorkerPrefix + DeliveryId;

    public string DeliveryId => string.Create(CultureInfo.InvariantCulture, $"{Id}.{Delivery}");

    /// <summary>
    /// How a delivery is counted, in SQL. A corrupt count starts over: beyond its limit, no job of the queue could be claimed.
    /// </summary>
    public const string Next = "(deliveries & 2147483647) + 1";
}
