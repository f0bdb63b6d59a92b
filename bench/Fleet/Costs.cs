namespace Fleet;

/// <summary>What was used until a moment: transactions, and seconds of processor.</summary>
internal sealed record Costs(long At, long Transactions, double PostgreSql, double Workers, double Enqueuers);
