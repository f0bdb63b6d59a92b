namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Gives a job a name that does not change when the class is renamed. The default is the class's simple name, of a closed generic class
/// with its arguments: <c>Import&lt;Customer&gt;</c>.
/// </summary>
/// <param name="name">1 to 100 characters, unique within the app, without control characters.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class JobNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
