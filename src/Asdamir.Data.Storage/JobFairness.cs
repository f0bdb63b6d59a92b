namespace Asdamir.Data.Storage;

/// <summary>
/// The fairness key of a job. It is a parameter that is set when the job is created; <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/> let the keys of a queue take turns among jobs of equal <see cref="JobPriority"/>: a claim takes jobs
/// of as many keys as there are. Keys are compared by their characters.
/// </summary>
public static class JobFairness
{
    /// <summary>The parameter of a job with its fairness key.</summary>
    public const string Parameter = "FairnessKey";

    /// <summary>The field of a recurring job with the fairness key of the jobs that it creates.</summary>
    public const string RecurringField = "Asdamir.FairnessKey";

    /// <summary>The value of <see cref="Parameter"/>.</summary>
    /// <param name="key">Up to <see cref="JobKeys.MaxLength"/> characters.</param>
    /// <exception cref="ArgumentException">The key is invalid, see <see cref="JobKeys.FaultOf"/>.</exception>
    public static string Of(string key) =>
        JobKeys.FaultOf(key) is { } fault ? throw new ArgumentException($"The fairness key of a job {fault}", nameof(key)) : key;

    /// <summary>The key in <see cref="Parameter"/> of a job.</summary>
    /// <param name="parameter">The value as it is stored, which is JSON.</param>
    /// <returns>The key; <see langword="null"/> when there is none that can be read.</returns>
    public static string? Read(string? parameter) => JobKeys.TextOf(parameter) is { Length: > 0 } key ? key : null;
}
