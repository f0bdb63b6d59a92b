namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>The OpenID Connect provider people sign in with.</summary>
internal sealed class OpenIdConnectOptions
{
    /// <summary>
    /// Its address, as in <c>https://login.example.com/realms/ops</c>. The default value is empty: local accounts are used.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>The name this console is registered under.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Its secret. Better set with the environment variable <c>SignIn__OpenIdConnect__ClientSecret</c>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>A file that holds the secret and nothing else. The default value is empty: none.</summary>
    public string ClientSecretFile { get; set; } = "";

    /// <summary>What is asked for, separated by spaces. The default value is <c>openid profile email</c>.</summary>
    public string Scope { get; set; } = "openid profile email";

    /// <summary>The claim that holds a person's groups. The default value is <c>groups</c>.</summary>
    public string GroupsClaim { get; set; } = "groups";

    /// <summary>
    /// The claim that holds the name for the audit. The default value is <c>preferred_username</c>, and <c>sub</c> where that is missing.
    /// </summary>
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>Whether the provider must be reached by HTTPS. The default value is <see langword="true"/>.</summary>
    public bool RequireHttps { get; set; } = true;
}
