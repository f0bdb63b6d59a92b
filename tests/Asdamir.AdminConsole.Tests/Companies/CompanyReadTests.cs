using Asdamir.AdminConsole.Companies;
using Asdamir.Data.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asdamir.AdminConsole.Tests.Companies;

public sealed class CompanyReadTests
{
    private static readonly Exception Away = new JobStorageUnavailableException("away") { Fault = JobStorageFault.TimedOut };

    [Fact]
    public async Task CompanyCanBeRead_AfterARead_ThatAPageCanDoWithout_HasFailed()
    {
        var company = NewCompany();

        Assert.Null(await company.ReadAsideAsync(static _ => Task.FromException<string>(Away)));

        Assert.True((await company.ReadAsync(static _ => Task.FromResult(1))).IsThere);
    }

    [Fact]
    public async Task Company_IsLeftAlone_AfterAnotherRead_HasFailed()
    {
        var company = NewCompany();

        Assert.False((await company.ReadAsync(static _ => Task.FromException<int>(Away))).IsThere);

        Assert.Null(await company.ReadAsideAsync(static _ => Task.FromResult("names")));
        Assert.False((await company.ReadAsync(static _ => Task.FromResult(1))).IsThere);
    }

    // It has no monitor that it could dispose.
    private static Company NewCompany() => new(
        new CompanyOptions { Code = "acme", Name = "Acme" }, null!, TimeProvider.System, NullLogger<Company>.Instance);
}
