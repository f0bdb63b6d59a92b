using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Kit.Identity.Endpoints;

/// <summary>Shows the sign-in page, and redirects the named user back with a code.</summary>
internal static class AuthorizeEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, TestIdentityProvider provider)
    {
        routes.MapGet("/authorize", static (HttpRequest request) => Fault(request) is { } fault
            ? Results.BadRequest(fault)
            : Pages.SignIn(request.QueryString.Value!, fault: null));

        routes.MapPost("/authorize", async (HttpRequest request) =>
        {
            var name = (await request.ReadFormAsync())["username"].ToString();
            if (Fault(request) is { } fault)
                return Results.BadRequest(fault);
            if (provider.FindUser(name) is not { } user)
                return Pages.SignIn(request.QueryString.Value!, $"There is no user '{name}'.");

            var redirectUri = request.Query["redirect_uri"].ToString();
            var answer = new Dictionary<string, string?>
            {
                ["code"] = provider.Grants.Add(
                    new CodeGrant(user, redirectUri, request.Query["code_challenge"].ToString(), request.Query["nonce"])),
                ["state"] = request.Query["state"],
                ["iss"] = provider.Authority,
            };
            return request.Query["response_mode"] == "form_post"
                ? Pages.FormPost(redirectUri, answer)
                : Results.Redirect(QueryHelpers.AddQueryString(redirectUri, answer));
        });
    }

    private static string? Fault(HttpRequest request)
    {
        var query = request.Query;
        if (query["client_id"] != TestIdentityProvider.ClientId)
            return $"The client is not {TestIdentityProvider.ClientId}.";
        if (!Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var redirectUri) || !redirectUri.IsLoopback)
            return "The redirect_uri is not on this machine.";
        if (query["response_type"] != "code")
            return "The response_type is not code.";
        if (query["code_challenge_method"] != "S256" || string.IsNullOrEmpty(query["code_challenge"]))
            return "There is no code_challenge of method S256.";
        return $" {query["scope"]} ".Contains(" openid ", StringComparison.Ordinal) ? null : "The scope has no openid.";
    }
}
