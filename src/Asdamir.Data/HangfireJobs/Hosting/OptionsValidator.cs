using Asdamir.Data.HangfireJobs.Catalog;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>Validates the options and the registered job types when the app starts, and reports all faults in one message.</summary>
internal sealed class OptionsValidator(HangfireJobsBuilder builder, TimeProvider time) : IValidateOptions<HangfireJobsOptions>
{
    public ValidateOptionsResult Validate(string? name, HangfireJobsOptions options)
    {
        List<string> faults = [.. builder.Faults, .. OptionRules.FaultsOf(options)];
        var catalog = JobCatalog.Build(builder.JobTypes, faults);
        faults.AddRange(JobTypeRules.FaultsOf(catalog, options, time.GetUtcNow()));
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(Message(faults));
    }

    public static string Message(IReadOnlyCollection<string> faults)
    {
        var lines = faults.Select(static fault => "  - " + fault);
        var count = $"{faults.Count} fault{(faults.Count == 1 ? "" : "s")}";
        return $"The background jobs are misconfigured ({count}):{Environment.NewLine}{string.Join(Environment.NewLine, lines)}";
    }
}
