using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Companies;

/// <summary>The reads of one page, or of one picture of a live view; remembers whether all of them came through.</summary>
internal sealed class PageReads
{
    private object? _teller;

    public bool HasProblem { get; private set; }

    /// <summary>Whether this part of the page tells of its problem: only the first one does, as all fail for one reason.</summary>
    public bool IsToldBy(object part) => ReferenceEquals(_teller ??= part, part);

    public async Task<ReadResult<T>> OfAsync<T>(Company company, Func<IJobMonitor, Task<T>> read)
    {
        var part = await company.ReadAsync(read).ConfigureAwait(false);
        HasProblem |= !part.IsThere;
        return part;
    }
}
