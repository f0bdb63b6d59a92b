using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Features.Doctor;

internal sealed class DoctorFeature : IFeature
{
    public void Map(FeatureRoutes routes) => routes.Page<DoctorPage>(PageMap.Doctor, static () => DoctorTexts.Title);
}
