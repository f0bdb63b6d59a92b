namespace Asdamir.Data.CommandLine.Connections;

/// <summary>The command or the settings are wrong; the message says what, and the fix.</summary>
internal sealed class UsageException(string message) : Exception(message);
