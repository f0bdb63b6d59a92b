namespace Asdamir.Data.HangfireJobs;

/// <summary>Keeps jobs alive that were stored under an earlier name of this job.</summary>
/// <param name="name">The earlier name.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class FormerlyKnownAsAttribute(string name) : Attribute
{
    /// <summary>The earlier name.</summary>
    public string Name { get; } = name;
}
