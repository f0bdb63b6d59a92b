using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>A step that a job has done, as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="EndedAt">When it was done (UTC).</param>
/// <param name="Attempt">The attempt that did it.</param>
/// <param name="Result">What it returned; the JSON null for nothing.</param>
internal sealed record StoredStep(string Name, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int Attempt, JsonElement Result);

/// <summary>A cursor of a job as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="At">When it was stored (UTC).</param>
/// <param name="Value">Its value.</param>
internal sealed record StoredCursor(string Name, DateTimeOffset At, JsonElement Value);
