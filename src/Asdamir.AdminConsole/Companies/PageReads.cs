using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Companies;

/// <summary>The reads of one page, or of one picture of a live view; remembers whether all of them came through.</summary>
internal sealed class PageReads
{
    public bool HasProblem { get; private set; }

    public async Task<ReadResult<T>> OfAsync<T>(Company company, Func<IJobMonitor, Task<T>> read)
    {
        var part = await company.ReadAsync(read).ConfigureAwait(false);
        HasProblem |= !part.IsThere;
        return part;
    }
}
