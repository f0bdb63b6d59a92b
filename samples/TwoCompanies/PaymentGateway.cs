using System.Net.Sockets;

namespace TwoCompanies;

/// <summary>
/// Simulates a payment provider that both companies use and that is down for a minute:
/// the second one after the start, and every sixth after that.
/// </summary>
public sealed class PaymentGateway(TimeProvider time, IConfiguration configuration)
{
    /// <summary>The environment variable with the time at which the launcher started.</summary>
    public const string StartedAt = "GatewayStartedAt";

    private readonly DateTimeOffset _startedAt = configuration.GetValue<DateTimeOffset>(StartedAt);

    public bool IsDown => IsDownAfter(time.GetUtcNow() - _startedAt);

    public static bool IsDownAfter(TimeSpan running) => (long)running.TotalMinutes % 6 == 1;

    /// <exception cref="PaymentGatewayException">The gateway is down.</exception>
    public async Task<string> CaptureAsync(decimal amount, string currency, CancellationToken ct)
    {
        await Task.Delay(Random.Shared.Next(50, 250), ct);
        try
        {
            Connect();
        }
        catch (HttpRequestException exception)
        {
            throw new PaymentGatewayException($"The payment gateway did not accept {amount:0.00} {currency}.", exception);
        }
        return $"auth-{Random.Shared.Next(100_000, 999_999)}";
    }

    private void Connect()
    {
        try
        {
            if (IsDown)
                throw new SocketException((int)SocketError.ConnectionRefused);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, "Connection refused (gateway.payments.example:443)", exception);
        }
    }
}
