using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Tests.Engine.Writes;

/// <summary>The claim of a server that waits, in the model.</summary>
internal sealed class ModelClaim
{
    /// <summary>How many jobs it claims, at most.</summary>
    public const int Count = 2;

    /// <param name="database">Where it is made.</param>
    /// <param name="isRefused">Whether the database refuses it.</param>
    public ModelClaim(ModelDatabase database, bool isRefused)
    {
        IsRefused = isRefused;
        Claim = new StandingClaim(
            [ModelDatabase.Queue],
            () => new ClaimRequest([isRefused ? ModelDatabase.RefusedQueue : ModelDatabase.Queue], Count, State: null),
            database.InFlight.Take);
    }

    public StandingClaim Claim { get; }

    public bool IsRefused { get; }

    public bool IsWithdrawn { get; private set; }

    /// <summary>What it has claimed, as its server knows it.</summary>
    public IReadOnlyList<ClaimedJob> Known => Claim.Made.IsCompletedSuccessfully ? Claim.Made.Result : [];

    public void Withdraw() => IsWithdrawn |= Claim.TryWithdraw();
}
