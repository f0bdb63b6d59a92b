using Asdamir.Data.HangfireJobs;
using Microsoft.EntityFrameworkCore;

namespace Asdamir.Data.EntityFrameworkCore;

/// <summary>Lets a <see cref="DbContext"/> enqueue jobs.</summary>
public static class DbContextOptionsBuilderJobExtensions
{
    /// <summary>Enqueues the jobs of <see cref="DbContextJobExtensions"/> with each <c>SaveChanges</c>.</summary>
    /// <param name="options">The options of the context.</param>
    /// <param name="jobs">The service that enqueues; <see langword="null"/> (the default) for that of the app, where the context is
    /// registered with <c>AddDbContext</c>.</param>
    /// <returns>The options.</returns>
    public static DbContextOptionsBuilder UseHangfireJobs(this DbContextOptionsBuilder options, IHangfireJobService? jobs = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddInterceptors(new JobInterceptor(jobs));
    }
}
