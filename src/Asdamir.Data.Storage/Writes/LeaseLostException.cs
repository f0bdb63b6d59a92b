namespace Asdamir.Data.Storage.Writes;

/// <summary>This process was taken for dead: what it had claimed and locked belongs to others now.</summary>
internal sealed class LeaseLostException()
    : InvalidOperationException("This process did not renew its lease in time, so its claims and locks have been given to others; nothing was written.");
