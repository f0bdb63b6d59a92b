using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>
/// When the console stops, actions stop before their next job; this waits until the audit has recorded how far they came.
/// </summary>
internal sealed class UnfinishedActions(CompanyDirectory companies) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(
            companies.All.SelectMany(static company => company.Monitor.Operations).Select(static operation => operation.Completion));
        return Task.WhenAny(all, Task.Delay(Patience, CancellationToken.None));
    }
}
