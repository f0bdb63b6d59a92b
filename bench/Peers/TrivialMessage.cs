namespace Peers;

/// <summary>A trivial job as a message.</summary>
/// <param name="Asked">When it was asked for, if that is measured.</param>
public sealed record TrivialMessage(long? Asked);
