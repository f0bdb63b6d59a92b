using System.Security.Claims;
using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Access;

/// <summary>Who may do what in which company: local accounts by what was granted to them, others by their groups.</summary>
internal static class Roles
{
    /// <summary>A grant of a local account, as in <c>operator:acme</c>; <c>*</c> stands for all companies.</summary>
    public const string GrantClaim = "grant";

    /// <summary>A group of the user at the provider.</summary>
    public const string GroupClaim = "group";

    public static Role Of(ClaimsPrincipal user, Company company) =>
        Has(user, "operator", company, company.OperatorGroups) ? Role.Operator
        : Has(user, "viewer", company, company.ViewerGroups) ? Role.Viewer
        : Role.None;

    private static bool Has(ClaimsPrincipal user, string role, Company company, System.Collections.Frozen.FrozenSet<string> groups) =>
        user.HasClaim(GrantClaim, $"{role}:*")
        || user.HasClaim(GrantClaim, $"{role}:{company.Code}")
        || user.FindAll(GroupClaim).Any(claim => groups.Contains(claim.Value));
}
