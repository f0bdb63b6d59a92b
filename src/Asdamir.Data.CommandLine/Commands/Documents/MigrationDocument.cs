namespace Asdamir.Data.CommandLine.Commands.Documents;

/// <summary>Whether the tables were up to date, and whether they are now.</summary>
internal sealed record MigrationDocument(string Storage, bool WasUpToDate, bool IsUpToDate);
