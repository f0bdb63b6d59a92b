namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>A request that names something impossible; answered with a problem that names the parameter.</summary>
internal sealed class InvalidParameterException(string parameter, string fault) : Exception($"The parameter '{parameter}' {fault}.")
{
    public string Parameter => parameter;

    /// <summary>The same fault of a parameter inside another.</summary>
    public InvalidParameterException Inside(string outer) => new($"{outer}.{parameter}", fault);
}
