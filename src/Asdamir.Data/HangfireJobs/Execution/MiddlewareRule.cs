namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>A middleware that the app added.</summary>
/// <param name="Middleware">Its class.</param>
/// <param name="AppliesTo">Whether jobs of a class have it.</param>
internal sealed record MiddlewareRule(Type Middleware, Func<Type, bool> AppliesTo);
