using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Enqueued at a user's request: the job starts over with all its attempts.</summary>
internal sealed class RequeuedState : EnqueuedState;
