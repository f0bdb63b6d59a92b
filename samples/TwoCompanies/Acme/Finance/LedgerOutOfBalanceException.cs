namespace TwoCompanies.Acme.Finance;

public sealed class LedgerOutOfBalanceException(string message, Exception inner) : Exception(message, inner);
