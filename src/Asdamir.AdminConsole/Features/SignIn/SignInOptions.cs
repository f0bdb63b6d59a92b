namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>How people sign in.</summary>
internal sealed class SignInOptions
{
    /// <summary>How long a session lasts, whatever is done in it. From 1 minute to 7 days. The default value is 8 hours.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>
    /// After how many wrong passwords in a row for a local account an address, or an IPv6 network, is locked out of it, 1 to 100. The
    /// default value is 5.
    /// </summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long it is locked then. From 1 second to 1 day. The default value is 15 minutes.</summary>
    public TimeSpan LockOut { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>An OpenID Connect provider; without an authority, local accounts are used.</summary>
    public OpenIdConnectOptions OpenIdConnect { get; } = new();
}
