namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>The lease of this process has ended, and its claims and locks were released for other processes.</summary>
internal sealed class LeaseLostException()
    : InvalidOperationException(
        "This process did not renew its lease in time, so its claims and locks have been given to others; nothing was written.");
