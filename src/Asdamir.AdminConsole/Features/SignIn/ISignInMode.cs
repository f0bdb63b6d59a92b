using System.Security.Claims;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>A way to sign in. The configuration selects one; <see cref="SignInModes"/> lists all.</summary>
internal interface ISignInMode
{
    /// <summary>The authentication type of its users. Sessions of another type end.</summary>
    string AuthenticationType { get; }

    /// <summary>The component with the fields and the button of the sign-in page. It has the parameter <c>Name</c>.</summary>
    Type Fields { get; }

    /// <summary>The address outside the console to which the sign-in form may lead; <see langword="null"/> for none.</summary>
    string? FormTarget => null;

    /// <summary>Answers the sign-in form, whose antiforgery token was checked.</summary>
    /// <param name="returnUrl">A local address to return to.</param>
    Task<IResult> SignInAsync(HttpContext http, IFormCollection form, string returnUrl);

    /// <summary>Maps the addresses that only this mode has.</summary>
    void Map(IEndpointRouteBuilder routes);

    /// <summary>Prepares the first sign-in, before the console accepts requests.</summary>
    void Prepare(TextWriter output)
    {
    }

    /// <summary>Reads a user's grants again.</summary>
    /// <returns>The user as of now; <see langword="null"/> when the user may no longer sign in.</returns>
    ClaimsPrincipal? Refresh(ClaimsPrincipal user) => user;
}
