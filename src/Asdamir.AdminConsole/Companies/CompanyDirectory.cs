using System.Collections.Frozen;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Companies;

/// <summary>All companies of the configuration. A storage is opened at its first use.</summary>
internal sealed class CompanyDirectory : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, Company> _byCode;

    public CompanyDirectory(
        IReadOnlyList<CompanyOptions> options, string maskedKeys, IHostEnvironment environment, TimeProvider time, ILoggerFactory loggers)
    {
        var log = loggers.CreateLogger<Company>();
        All = [.. options.Select(company => new Company(company, Observe(company), time, log))];
        _byCode = All.ToFrozenDictionary(static company => company.Code, StringComparer.Ordinal);

        IJobMonitor Observe(CompanyOptions company) => JobMonitor.Observe(new JobMonitorOptions
        {
            Storage = company.Storage.Resolve(),
            ContentRootPath = environment.ContentRootPath,
            MaskedKeys = maskedKeys,
            TimeProvider = time,
            LoggerFactory = loggers,
        });
    }

    public IReadOnlyList<Company> All { get; }

    public Company? Find(string code) => _byCode.GetValueOrDefault(code);

    // One whose database hangs is left to the end of the process.
    public void Dispose() =>
        Task.WaitAll(
            [
                .. All.Select(static company =>
                    Task.Factory.StartNew(company.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            ],
            Patience);
}
