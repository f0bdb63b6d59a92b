using StorageComparison;

namespace Peers;

/// <summary>Executes trivial messages. Public, because Wolverine compiles code that calls it.</summary>
public sealed class TrivialMessageHandler
{
    /// <summary>Executes one.</summary>
    public static void Handle(TrivialMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Asked is { } asked)
            Pickup.Run(asked);
        else
            Work.Run(0);
    }
}
