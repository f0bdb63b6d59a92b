using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>What is needed to call the job of an attempt.</summary>
/// <param name="Job">The job type.</param>
/// <param name="Args">The arguments; <see langword="null"/> for none.</param>
/// <param name="Services">The scope of the attempt.</param>
/// <param name="Attempt">The token of the attempt, to which its threads belong.</param>
/// <param name="Token">The token that the job gets.</param>
internal sealed record JobCall(
    JobDescriptor Job, JsonElement? Args, IServiceProvider Services, object Attempt, CancellationToken Token)
{
    /// <summary>Why the job could not be created; <see langword="null"/> while nothing is known of a fault.</summary>
    public Exception? CreationFailure { get; set; }
}
