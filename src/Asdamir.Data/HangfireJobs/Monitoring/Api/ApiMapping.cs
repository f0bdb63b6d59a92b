namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>One mapping of the API. All its endpoints carry it, so that an app that maps the API twice can tell them apart.</summary>
internal sealed class ApiMapping;
