using Asdamir.AdminConsole.Companies;
using Asdamir.Data.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asdamir.AdminConsole.Tests.Companies;

/// <summary>Why a storage cannot be read, as a page says it.</summary>
public sealed class ProblemTitleTests
{
    private static readonly Dictionary<JobStorageFault, string> Titles = new()
    {
        [JobStorageFault.Other] = "The job storage of Acme does not answer.",
        [JobStorageFault.Unreachable] = "The database server of Acme cannot be reached.",
        [JobStorageFault.TimedOut] = "The job storage of Acme does not answer in time.",
        [JobStorageFault.Restarting] = "The database of Acme is starting or stopping.",
        [JobStorageFault.SignInRefused] = "The database of Acme refuses the user or the password of the console.",
        [JobStorageFault.AccessDenied] = "The job storage of Acme refuses access to its tables.",
        [JobStorageFault.DatabaseMissing] = "The database of Acme does not exist.",
        [JobStorageFault.TablesMissing] =
            "The job storage of Acme has no tables: the address or the schema may be wrong, or no app has started yet.",
        [JobStorageFault.TablesOutdated] = "The tables of the job storage of Acme are older than this console needs.",
        [JobStorageFault.ReadOnly] = "The database of Acme can only be read.",
        [JobStorageFault.DiskFull] = "The disk of the database of Acme is full.",
        [JobStorageFault.Overloaded] = "The database of Acme has no free connection.",
    };

    public static TheoryData<JobStorageFault> Faults { get; } = new(Enum.GetValues<JobStorageFault>());

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Title_SaysTheReason(JobStorageFault fault) =>
        Assert.Equal(Titles[fault], await TitleOfAsync(new JobStorageUnavailableException("away") { Fault = fault }));

    [Fact]
    public async Task Title_SaysThatTheStorageCouldNotBeRead_WhenTheReasonIsInTheLogOnly() =>
        Assert.Equal("The job storage of Acme could not be read.", await TitleOfAsync(new InvalidOperationException("no")));

    private static async Task<string> TitleOfAsync(Exception exception)
    {
        // It has no monitor that it could dispose.
        var company = new Company(
            new CompanyOptions { Code = "acme", Name = "Acme" }, null!, TimeProvider.System, NullLogger<Company>.Instance);
        return (await company.ReadAsync(_ => Task.FromException<int>(exception))).Problem!.Title;
    }
}
