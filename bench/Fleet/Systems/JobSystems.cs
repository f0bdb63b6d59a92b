namespace Fleet.Systems;

internal static class JobSystems
{
    public const string Asdamir = "asdamir";
    public const string Hangfire = "hangfire";
    public const string Quartz = "quartz";

    /// <summary>The default of all of them on two processors.</summary>
    public const int Workers = 10;

    public static IJobSystem Open(AppArguments app) => app.System switch
    {
        Asdamir => new AsdamirSystem(app),
        Hangfire => new HangfireSystem(app),
        Quartz => new QuartzSystem(app),
        _ => throw new ArgumentException($"'{app.System}' is not measured. Use {Asdamir}, {Hangfire} or {Quartz}."),
    };

    public static string NameOf(string system) => system switch
    {
        Asdamir => "Asdamir.Data",
        Hangfire => "Hangfire.PostgreSql",
        _ => "Quartz.NET, clustered",
    };
}
