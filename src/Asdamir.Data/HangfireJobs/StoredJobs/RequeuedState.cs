using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Enqueued because somebody asked for it: the job starts over with all its attempts.</summary>
internal sealed class RequeuedState : EnqueuedState;
