using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Kit.Identity.Endpoints;

/// <summary>The provider remembers no sign-in, so there is nothing to end: it sends the browser back.</summary>
internal static class EndSessionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/end-session", static (HttpRequest request) =>
    {
        if (!Uri.TryCreate(request.Query["post_logout_redirect_uri"], UriKind.Absolute, out var back) || !back.IsLoopback)
            return Results.Text("Signed out.");
        var state = request.Query["state"].ToString();
        return Results.Redirect(state.Length == 0 ? back.ToString() : QueryHelpers.AddQueryString(back.ToString(), "state", state));
    });
}
