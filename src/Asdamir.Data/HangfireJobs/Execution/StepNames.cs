using Asdamir.Data.HangfireJobs.Isolation;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>The names of steps and cursors follow the rules for job names.</summary>
internal static class StepNames
{
    /// <exception cref="ArgumentException">It breaks a rule.</exception>
    public static void Check(string name, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Names.FaultOfJobName(name) is { } fault)
        {
            throw new ArgumentException(
                $"The name of the {what} {fault}: '{StorableText.Of(name)}'. "
                    + $"Fix: use at most {Names.MaxJobNameLength} characters, without control characters and without spaces around.",
                nameof(name));
        }
    }
}
