using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Testing.Assertions;

/// <summary>A condition on the arguments of jobs.</summary>
/// <param name="Test">Tests arguments.</param>
/// <param name="Type">Their type; <see langword="null"/> for that of the job type.</param>
/// <param name="Text">Its source, for messages.</param>
internal sealed record JobCondition(Func<object, bool> Test, Type? Type, string Text)
{
    /// <exception cref="ArgumentException">The job type takes no arguments.</exception>
    public Type ArgumentsOf(Type jobType) => Type ?? ArgumentsOfJob(jobType)
        ?? throw new ArgumentException($"{jobType.Name} takes no arguments. Fix: leave out the condition {Text}.");

    /// <returns><see langword="null"/> for a job type without arguments.</returns>
    public static Type? ArgumentsOfJob(Type jobType) => Array.Find(
        jobType.GetInterfaces(),
        static contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IJob<>))?.GenericTypeArguments[0];
}
