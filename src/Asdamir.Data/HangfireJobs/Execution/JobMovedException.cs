using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Signals Hangfire's worker that the executor has changed the job's state. No job can throw this type.</summary>
internal sealed class JobMovedException : JobAbortedException;
