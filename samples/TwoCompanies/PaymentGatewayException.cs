namespace TwoCompanies;

public sealed class PaymentGatewayException(string message, Exception inner) : Exception(message, inner);
