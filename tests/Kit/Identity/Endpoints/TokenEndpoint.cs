using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kit.Identity.Endpoints;

/// <summary>Gives tokens for a code, once, to the client that began the sign-in.</summary>
internal static class TokenEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, TestIdentityProvider provider) =>
        routes.MapPost("/token", async (HttpRequest request) =>
    {
        var form = await request.ReadFormAsync();
        if (form["client_id"] != TestIdentityProvider.ClientId || form["client_secret"] != TestIdentityProvider.ClientSecret)
            return Refusal("invalid_client", StatusCodes.Status401Unauthorized);
        if (form["grant_type"] != "authorization_code")
            return Refusal("unsupported_grant_type");
        if (provider.Grants.Redeem(form["code"].ToString()) is not { } grant
            || grant.RedirectUri != form["redirect_uri"]
            || !grant.IsBegunWith(form["code_verifier"].ToString()))
        {
            return Refusal("invalid_grant");
        }

        return Results.Json(new
        {
            access_token = provider.Grants.Add(grant.User),
            token_type = "Bearer",
            expires_in = 300,
            id_token = provider.Key.IdToken(provider.Authority, grant.User, grant.Nonce),
        });
    });

    private static IResult Refusal(string error, int status = StatusCodes.Status400BadRequest) =>
        Results.Json(new { error }, statusCode: status);
}
