using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Tells Hangfire's worker that the executor has moved the job to another state. A type that no job can throw.</summary>
internal sealed class JobMovedException : JobAbortedException;
