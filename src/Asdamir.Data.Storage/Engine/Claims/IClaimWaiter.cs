namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>Waits for jobs of some queues.</summary>
internal interface IClaimWaiter
{
    IReadOnlyList<string> Queues { get; }

    /// <summary>There may be new jobs in the queues.</summary>
    void Wake();
}
