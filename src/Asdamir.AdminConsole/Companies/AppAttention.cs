using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Companies;

/// <summary>An app that needs attention.</summary>
/// <param name="Queue">Its queue, with what is known of its servers.</param>
/// <param name="Silent">Its servers that are silent although others run.</param>
/// <param name="Late">Its recurring jobs that are late; <see langword="null"/> when none is.</param>
public sealed record AppAttention(
    QueueSummary Queue, AttentionLevel Level, IReadOnlyList<ServerSummary> Silent, LateRecurringJobs? Late = null);
