using Xunit.v3;

namespace Kit;

/// <summary>
/// Marks tests that need a database server, which <c>eng/test.sh --fast</c> leaves out. A test without it gets no server.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsPostgreSqlAttribute : Attribute, ITraitAttribute
{
    private const string Trait = "Needs";
    private const string Server = "PostgreSql";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Trait, Server)];

    /// <summary>Fails in a test without the mark; fixtures of a whole assembly and programs have no test.</summary>
    public static void Check()
    {
        if (TestContext.Current.Test is { } test && !(test.Traits.TryGetValue(Trait, out var needs) && needs.Contains(Server)))
        {
            throw new InvalidOperationException(
                $"'{test.TestDisplayName}' needs a PostgreSQL server. Fix: mark the test or its class with [NeedsPostgreSql].");
        }
    }
}
