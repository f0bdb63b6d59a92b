namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>What to claim.</summary>
/// <param name="Queues">From these queues, the first ones first.</param>
/// <param name="Count">At most so many jobs.</param>
/// <param name="State">The state that the claim writes into jobs that are Enqueued; <see langword="null"/> when their workers write it.
/// </param>
internal sealed record ClaimRequest(string[] Queues, int Count, ClaimedState? State);
