using Microsoft.AspNetCore.Http.Metadata;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>
/// The body that an endpoint accepts. The endpoint itself must not carry it as accepts metadata: routing would refuse a request without a
/// body.
/// </summary>
internal sealed record RequestShape(Type Type, bool IsOptional)
{
    public const string MediaType = "application/json";

    public AcceptsMetadata Metadata => new([MediaType], Type, IsOptional);
}
