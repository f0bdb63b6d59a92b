namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The state Processing as a claim writes it. Its text ends, for each job, with the delivery.</summary>
/// <param name="At">Since when.</param>
/// <param name="Head">What precedes the delivery in the text of the state.</param>
internal sealed record ClaimedState(long At, string Head);
