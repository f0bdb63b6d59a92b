using System.Reflection;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Testing.Assertions;

namespace Asdamir.Data.Testing.Running;

/// <summary>Enqueues a job whose type of arguments is not known at compile time, as the app would.</summary>
internal static class JobCall
{
    private static readonly MethodInfo With = Method(nameof(WithArgumentsAsync));
    private static readonly MethodInfo Without = Method(nameof(WithoutArgumentsAsync));

    /// <exception cref="ArgumentException">The job type takes other arguments.</exception>
    public static Task<string> EnqueueAsync(IHangfireJobService jobs, Type jobType, object? args)
    {
        var taken = JobCondition.ArgumentsOfJob(jobType);
        if (taken is null ? args is not null : !taken.IsInstanceOfType(args))
        {
            throw new ArgumentException(
                $"{jobType.Name} takes {(taken is null ? "no arguments" : $"arguments of type {taken}")}, and the test passed "
                + $"{(args is null ? "none" : args.GetType().ToString())}.",
                nameof(args));
        }
        return taken is null
            ? Without.MakeGenericMethod(jobType).CreateDelegate<Func<IHangfireJobService, Task<string>>>()(jobs)
            : (Task<string>)With.MakeGenericMethod(jobType, taken).Invoke(null, [jobs, args])!;
    }

    private static Task<string> WithArgumentsAsync<TJob, TArgs>(IHangfireJobService jobs, TArgs args) where TJob : class, IJob<TArgs> =>
        jobs.EnqueueAsync<TJob, TArgs>(args);

    private static Task<string> WithoutArgumentsAsync<TJob>(IHangfireJobService jobs) where TJob : class, IJob =>
        jobs.EnqueueAsync<TJob>();

    private static MethodInfo Method(string name) => typeof(JobCall).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
