namespace Asdamir.AdminConsole.Shell;

/// <summary>
/// The addresses of all pages. Routes, live streams, navigation, keys and links are made from these lines; what a page shows is said by
/// the feature that maps it.
/// </summary>
internal static class PageMap
{
    public const string Start = "/";
    public const string Companies = "/companies";
    public const string Denied = "/denied";
    public const string SignIn = "/login";
    public const string SignOut = "/logout";
    public const string Account = "/account";

    private static readonly List<ConsolePage> Pages = [];

    public static ConsolePage Overview { get; } = Add(new("", 'o', "overview"));
    public static ConsolePage Jobs { get; } = Add(new("/jobs", 'j', "tabs"));
    public static ConsolePage Job { get; } = Add(new("/jobs/{id}", Live: "jobs/{id}"));
    public static ConsolePage Failures { get; } = Add(new("/jobs/failed"));
    public static ConsolePage Recurring { get; } = Add(new("/recurring", 'r'));
    public static ConsolePage Queues { get; } = Add(new("/queues", 'q', "queues"));
    public static ConsolePage Workflows { get; } = Add(new("/workflows", 'w'));
    public static ConsolePage Workflow { get; } = Add(new("/workflows/{id}"));
    public static ConsolePage Limits { get; } = Add(new("/limits", 'l'));
    public static ConsolePage Servers { get; } = Add(new("/servers", 's', "servers"));
    public static ConsolePage Doctor { get; } = Add(new("/doctor", 'd'));
    public static ConsolePage Operation { get; } = Add(new("/operations/{id}", Live: "operations/{id}"));
    public static ConsolePage Audit { get; } = Add(new("/audit", 'a'));

    /// <summary>The pages of a company, in the order of the navigation.</summary>
    public static IReadOnlyList<ConsolePage> OfCompany => Pages;

    /// <summary>First parts of addresses that are not the code of a company.</summary>
    public static IReadOnlyList<string> ReservedCodes { get; } =
        [
            .. new[] { SignIn, SignOut, Account, Denied, Companies }.Select(static address => address[1..]), "assets", "health",
            "signin-oidc", "signout-oidc", "signout-callback-oidc"
        ];

    private static ConsolePage Add(ConsolePage page)
    {
        Pages.Add(page);
        return page;
    }
}
