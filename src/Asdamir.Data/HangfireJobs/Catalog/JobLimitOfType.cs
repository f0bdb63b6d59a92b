using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>A limit of a job type.</summary>
/// <param name="Rule">Its name and how many jobs it allows.</param>
/// <param name="Key">Which of the arguments is its key, if any.</param>
internal sealed record JobLimitOfType(JobLimitRule Rule, KeyArgument? Key)
{
    /// <summary>The limit of a job with these arguments.</summary>
    public JobLimit Of(byte[] arguments) => new(Rule.Name, Key?.KeyOf(arguments));
}
