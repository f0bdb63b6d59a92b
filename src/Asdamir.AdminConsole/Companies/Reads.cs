using Asdamir.Data.HangfireJobs.Hosting;

namespace Asdamir.AdminConsole.Companies;

/// <summary>The reads of one page, or of one picture of a live view; remembers whether all of them came through.</summary>
internal sealed class Reads
{
    public bool HasProblem { get; private set; }

    public async Task<Part<T>> OfAsync<T>(Company company, Func<SchemaMonitor, T> read)
    {
        var part = await company.ReadAsync(read).ConfigureAwait(false);
        HasProblem |= !part.IsThere;
        return part;
    }
}
