using System.Security.Claims;
using Asdamir.AdminConsole.Access;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>Bounds the live views a user has open: each different one reads from the company's storage again and again.</summary>
internal sealed class LiveLimit
{
    /// <summary>A browser closes the stream of a tab that is not looked at.</summary>
    public const int ViewsOfUser = 20;

    public static string Refusal => LiveTexts.FormatTooMany(ViewsOfUser);

    private readonly UserLimit _views = new(ViewsOfUser);

    public IDisposable? TryEnter(ClaimsPrincipal user) => _views.TryEnter(Identities.KeyOf(user));
}
