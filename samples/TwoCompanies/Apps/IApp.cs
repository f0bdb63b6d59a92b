using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Apps;

/// <summary>One app of a company: its jobs, its schedules, and the work that comes in.</summary>
public interface IApp
{
    /// <summary>The app's queue, and the prefix of its recurring jobs.</summary>
    string Code { get; }

    void AddJobs(IHangfireJobsBuilder jobs);

    /// <summary>Called when the app starts, for the schedules that its job types do not declare.</summary>
    void Schedule(IHangfireJobService jobs)
    {
    }

    /// <summary>Called every second.</summary>
    /// <param name="second">Seconds since 1970, used as unique numbers of orders and invoices.</param>
    void Receive(IHangfireJobService jobs, long second);
}
