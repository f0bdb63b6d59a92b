using Xunit.v3;

namespace Kit;

/// <summary>
/// Marks tests that wait long also on a quiet machine, for the end of a lease or a build, or that work long; <c>eng/test.sh --fast</c>
/// leaves them out.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Speed", "Slow")];
}
