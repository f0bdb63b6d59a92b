using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>Enqueued because somebody asked for it: the run starts over with all its attempts.</summary>
internal sealed class RequeuedState : EnqueuedState;
