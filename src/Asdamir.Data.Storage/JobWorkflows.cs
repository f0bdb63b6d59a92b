using System.Globalization;

namespace Asdamir.Data.Storage;

/// <summary>
/// Workflows are jobs with an order: each may wait for others, and is begun by the commit that ends the last of them, whichever process
/// that is. A job says in a parameter to which one it belongs, set when it is created. They are created with a <see cref="JobBatch"/>.
/// </summary>
public static class JobWorkflows
{
    /// <summary>The parameter of a job with the id of its workflow.</summary>
    public const string Parameter = "Workflow";

    /// <summary>How many jobs a workflow has, at most.</summary>
    public const int MaxMembers = 200_000;

    /// <summary>How often jobs of a workflow wait for others, at most.</summary>
    public const int MaxEdges = 1_000_000;

    /// <summary>How many characters the name of a workflow has, at most.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The id in <see cref="Parameter"/> of a job.</summary>
    /// <param name="parameter">The value as it is stored, which is JSON.</param>
    /// <returns>The id; <see langword="null"/> when the job belongs to none.</returns>
    public static string? Read(string? parameter) =>
        JobKeys.TextOf(parameter) is { } id && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? id : null;

    /// <summary>What is wrong with a name, as the end of a sentence.</summary>
    /// <param name="name">The name.</param>
    /// <returns><see langword="null"/> for a valid name.</returns>
    public static string? FaultOfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.IsNullOrWhiteSpace(name) ? "is empty. Fix: say what the workflow does."
            : name.Length > MaxNameLength
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {name.Length} characters, and {MaxNameLength} are allowed. Fix: use a shorter one.")
            : name.Any(char.IsControl) ? "has a control character. Fix: leave it out."
            : null;
    }
}
