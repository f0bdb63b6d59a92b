using Hangfire;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>What the attempts of all jobs share.</summary>
internal sealed record AttemptParts(
    JobStorage Storage, AttemptStates States, EnvelopePerformer Performer, StuckAttempts Stuck, JobThreads Threads,
    TimeProvider Time);
