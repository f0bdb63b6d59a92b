namespace BenchKit;

/// <summary>How often a user's connections executed a statement, how many rows that took, and how long.</summary>
public sealed record StatementCount(string Text, string User, long Calls, long Rows, double Milliseconds);
