using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kit.Identity.Endpoints;

internal static class UserInfoEndpoint
{
    private const string Bearer = "Bearer ";

    public static void Map(IEndpointRouteBuilder routes, TestIdentityProvider provider) =>
        routes.MapGet("/userinfo", (HttpRequest request) =>
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && provider.Grants.FindUser(header[Bearer.Length..]) is { } user
            ? Results.Json(user.Claims)
            : Results.Unauthorized();
    });
}
