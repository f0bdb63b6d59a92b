namespace Asdamir.AdminConsole.Shell;

/// <summary>A folder of Features. The console finds all of them in its assembly when it starts.</summary>
internal interface IFeature
{
    /// <summary>Says what is shown and done at the addresses of the feature.</summary>
    void Map(FeatureRoutes routes);
}
