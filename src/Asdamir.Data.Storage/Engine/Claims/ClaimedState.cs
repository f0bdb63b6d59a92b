namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>The state Processing as a claim writes it. Its text ends, for each job, with the id of the claim.</summary>
/// <param name="At">Since when.</param>
/// <param name="Head">What precedes the id of the claim in the text of the state.</param>
internal sealed record ClaimedState(long At, string Head)
{
    /// <summary>What follows the id of the claim in the text of the state.</summary>
    public const string Tail = "\"}";
}
