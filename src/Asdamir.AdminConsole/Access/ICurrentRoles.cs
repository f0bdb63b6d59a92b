using System.Security.Claims;
using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Access;

/// <summary>The roles of this moment, for work that lasts longer than the check at the start of a request.</summary>
internal interface ICurrentRoles
{
    /// <returns>The user's role in the company; <see cref="Role.None"/> when the session has ended.</returns>
    Role RoleOf(ClaimsPrincipal user, Company company);

    /// <summary>
    /// The role of a user who began something in this session. Unlike <see cref="RoleOf"/> it outlives the session when the same user
    /// signs in again in the same browser, or changes the password there.
    /// </summary>
    Role RoleAfterRenewal(ClaimsPrincipal user, Company company);
}
