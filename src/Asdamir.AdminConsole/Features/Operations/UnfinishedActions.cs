using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>When the console stops, actions stop before their next job; this waits until they have written down how far they came.</summary>
internal sealed class UnfinishedActions(CompanyDirectory companies) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(companies.All.Select(static company => company.Operations.WaitAsync(Patience)));
}
