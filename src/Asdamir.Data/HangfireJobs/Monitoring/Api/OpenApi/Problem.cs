namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>A problem as the document describes it: with the members that this API adds, and without an open set of others.</summary>
internal sealed record Problem(string? Type, string Title, int Status, string Detail, string? Parameter, string? TraceId);
