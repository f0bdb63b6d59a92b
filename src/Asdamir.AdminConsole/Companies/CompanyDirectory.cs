using System.Collections.Frozen;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.AdminConsole.Companies;

/// <summary>All companies of the configuration. A storage is opened at its first use.</summary>
internal sealed class CompanyDirectory : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, Company> _byCode;

    public CompanyDirectory(IReadOnlyList<CompanyOptions> options, IHostEnvironment environment, SecretMask mask, TimeProvider time, ILogger<Company> log)
    {
        All = [.. options.Select(company =>
            new Company(company, new JobMonitor(company.Storage.Resolve(), environment.ContentRootPath, mask, time), time, log))];
        _byCode = All.ToFrozenDictionary(static company => company.Code, StringComparer.Ordinal);
    }

    public IReadOnlyList<Company> All { get; }

    public Company? Find(string code) => _byCode.GetValueOrDefault(code);

    // One whose database hangs is left to the end of the process.
    public void Dispose() =>
        Task.WaitAll([.. All.Select(static company => Task.Factory.StartNew(company.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))], Patience);
}
