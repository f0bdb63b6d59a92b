namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>What a claim has found.</summary>
/// <param name="Jobs">The claimed jobs.</param>
/// <param name="MayHaveMore">Whether it left out jobs that another claim may find, although it claimed fewer than requested.</param>
internal sealed record ClaimAnswer(IReadOnlyList<ClaimedJob> Jobs, bool MayHaveMore)
{
    /// <summary>
    /// In how many microseconds a rate has room for a job that waits; <see langword="null"/> when none waits for a rate, or not known.
    /// </summary>
    public long? RoomIn { get; init; }

    public static readonly ClaimAnswer None = new([], false);
}
