using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Signals Hangfire's worker that the executor has changed the job's state, or that another worker has the job. No job can throw this type.
/// </summary>
internal sealed class JobMovedException : JobAbortedException;
