using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kit.Identity.Endpoints;

internal static class DiscoveryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, TestIdentityProvider provider)
    {
        routes.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = provider.Authority,
            authorization_endpoint = $"{provider.Authority}/authorize",
            token_endpoint = $"{provider.Authority}/token",
            userinfo_endpoint = $"{provider.Authority}/userinfo",
            end_session_endpoint = $"{provider.Authority}/end-session",
            jwks_uri = $"{provider.Authority}/jwks",
            response_types_supported = new[] { "code" },
            response_modes_supported = new[] { "query", "form_post" },
            grant_types_supported = new[] { "authorization_code" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
            token_endpoint_auth_methods_supported = new[] { "client_secret_post" },
            code_challenge_methods_supported = new[] { "S256" },
            scopes_supported = new[] { "openid", "profile", "email", "groups" },
        }));
        routes.MapGet("/jwks", () => Results.Json(new { keys = new[] { provider.Key.PublicKey } }));
    }
}
