using System.Globalization;
using System.Security.Claims;
using Asdamir.AdminConsole.Access;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>Bounds the live views a user has open: each different one reads from the company's storage again and again.</summary>
internal sealed class LiveLimit
{
    /// <summary>A browser closes the stream of a tab that is not looked at.</summary>
    public const int ViewsOfUser = 20;

    public static readonly string Refusal = string.Create(
        CultureInfo.InvariantCulture,
        $"You have {ViewsOfUser} live views open, and cannot have more. Close pages of this console, also in other windows and on other machines.");

    private readonly UserLimit _views = new(ViewsOfUser);

    public IDisposable? TryEnter(ClaimsPrincipal user) => _views.TryEnter(Identities.KeyOf(user));
}
