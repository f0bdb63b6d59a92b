using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Catalog;

internal static class CatalogServices
{
    /// <param name="jobTypes">The registered job types; read when the catalog is first needed.</param>
    public static void AddCatalog(this IServiceCollection services, IReadOnlyCollection<Type> jobTypes) =>
        services.AddSingleton(_ => JobCatalog.Build(jobTypes, []));
}
