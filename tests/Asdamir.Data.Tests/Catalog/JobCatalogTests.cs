using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Catalog;
using Hangfire;

namespace Asdamir.Data.Tests.Catalog;

public sealed class JobCatalogTests
{
    [Fact]
    public void Build_UsesTheClassName_WhenThereIsNoJobName()
    {
        var catalog = Build(out var faults, typeof(PlainJob), typeof(NamedJob));

        Assert.Empty(faults);
        Assert.Equal(["PlainJob", "reports.nightly"], catalog.Jobs.Select(job => job.Name).Order(StringComparer.Ordinal));
        Assert.True(catalog.TryGet("PlainJob", out var plain));
        Assert.Same(typeof(PlainJob), plain.Type);
        Assert.Same(typeof(NamedJob), catalog.Get(typeof(NamedJob)).Type);
        Assert.False(catalog.TryGet("plainjob", out _), "Names are case-sensitive");
    }

    [Fact]
    public void Build_NamesBothClasses_WhenTheirNamesCollide()
    {
        Build(out var faults, typeof(NamedJob), typeof(OtherNamedJob));

        var fault = Assert.Single(faults);
        Assert.Contains("'reports.nightly'", fault, StringComparison.Ordinal);
        Assert.Contains(typeof(NamedJob).FullName!, fault, StringComparison.Ordinal);
        Assert.Contains(typeof(OtherNamedJob).FullName!, fault, StringComparison.Ordinal);
        Assert.Contains("[JobName", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_NamesBothClasses_WhenAFormerNameCollides()
    {
        Build(out var faults, typeof(PlainJob), typeof(FormerlyPlainJob));

        var fault = Assert.Single(faults);
        Assert.Contains("'PlainJob'", fault, StringComparison.Ordinal);
        Assert.Contains(typeof(FormerlyPlainJob).FullName!, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TryGet_FindsTheRenamedClass_ByEveryFormerName()
    {
        var catalog = Build(out var faults, typeof(RenamedJob));

        Assert.Empty(faults);
        Assert.All(["RenamedJob", "First", "Second"], name =>
        {
            Assert.True(catalog.TryGet(name, out var job));
            Assert.Same(typeof(RenamedJob), job.Type);
        });
    }

    [Fact]
    public void Get_SaysHowToRegister_WhenTheClassIsUnknown()
    {
        var catalog = Build(out _, typeof(PlainJob));

        var error = Assert.Throws<InvalidOperationException>(() => catalog.Get(typeof(NamedJob)));

        Assert.Contains("AddJob<NamedJob>()", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(EmptyNameJob), "is empty")]
    [InlineData(typeof(LongNameJob), "is longer than 100 characters")]
    [InlineData(typeof(EmptyFormerNameJob), "is empty")]
    [InlineData(typeof(BothContractsJob), "implements 2 job contracts")]
    [InlineData(typeof(TwoArgumentsJob), "implements 2 job contracts")]
    [InlineData(typeof(LockedJob), "[ExclusiveJob]")]
    [InlineData(typeof(ScheduledWithArgumentsJob), "its jobs need arguments")]
    [InlineData(typeof(WrongTimeoutJob), "[JobTimeout(\"five minutes\")]")]
    [InlineData(typeof(NegativeTimeoutJob), "[JobTimeout(\"-00:01:00\")]")]
    [InlineData(typeof(TooLongTimeoutJob), "24 days")]
    public void Build_ReportsTheFaultWithTheClassAndTheFix_WhenAClassIsWrong(Type type, string part)
    {
        Build(out var faults, type);

        var fault = Assert.Single(faults);
        Assert.Contains(part, fault, StringComparison.Ordinal);
        Assert.Contains(type.FullName!, fault, StringComparison.Ordinal);
        Assert.Contains("Fix: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ReadsTheAttributes_OfClassAndMethod()
    {
        var catalog = Build(out var faults, typeof(DecoratedJob));

        Assert.Empty(faults);
        var job = Assert.Single(catalog.Jobs);
        Assert.Equal("reports", job.Queue);
        Assert.Equal(TimeSpan.FromMinutes(5), job.Timeout);
        Assert.True(job.IsExclusive);
        Assert.Equal(3, Assert.IsType<AutomaticRetryAttribute>(Assert.Single(job.Filters)).Attempts);
        Assert.Equal("0 2 * * *", Assert.Single(job.Schedules).Cron);
    }

    [Theory]
    [InlineData(typeof(PlainJob), true)]
    [InlineData(typeof(TwoArgumentsJob), true)]
    [InlineData(typeof(AbstractJob), false)]
    [InlineData(typeof(OpenJob<>), false)]
    [InlineData(typeof(IJob), false)]
    [InlineData(typeof(string), false)]
    public void IsJob_IsTrueForClosedConcreteClassesOnly_WhenScanning(Type type, bool expected) =>
        Assert.Equal(expected, JobClass.IsJob(type));

    private static JobCatalog Build(out List<string> faults, params Type[] types)
    {
        faults = [];
        return JobCatalog.Build(types, faults);
    }

    private abstract class AbstractJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class OpenJob<T> : AbstractJob;

    private sealed class PlainJob : AbstractJob;

    [JobName("reports.nightly")]
    private sealed class NamedJob : AbstractJob;

    [JobName("reports.nightly")]
    private sealed class OtherNamedJob : AbstractJob;

    [FormerlyKnownAs("PlainJob")]
    private sealed class FormerlyPlainJob : AbstractJob;

    [FormerlyKnownAs("First"), FormerlyKnownAs("Second")]
    private sealed class RenamedJob : AbstractJob;

    [JobName(" ")]
    private sealed class EmptyNameJob : AbstractJob;

    [JobName("12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    private sealed class LongNameJob : AbstractJob;

    [FormerlyKnownAs("")]
    private sealed class EmptyFormerNameJob : AbstractJob;

    [DisableConcurrentExecution(10)]
    private sealed class LockedJob : AbstractJob;

    [JobTimeout("five minutes")]
    private sealed class WrongTimeoutJob : AbstractJob;

    [JobTimeout("-00:01:00")]
    private sealed class NegativeTimeoutJob : AbstractJob;

    [JobTimeout("25.00:00:00")]
    private sealed class TooLongTimeoutJob : AbstractJob;

    private sealed class BothContractsJob : AbstractJob, IJob<int>
    {
        public string Name => "both";

        public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default) => ExecuteAsync(ctx, ct);
    }

    private sealed class TwoArgumentsJob : IJob<int>, IJob<string>
    {
        public string Name => "two";

        public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());

        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [RecurringJob("0 2 * * *")]
    private sealed class ScheduledWithArgumentsJob : IJob<int>
    {
        public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [Queue("reports"), JobTimeout("00:05:00"), ExclusiveJob, RecurringJob("0 2 * * *")]
    private sealed class DecoratedJob : IJob
    {
        [AutomaticRetry(Attempts = 3)]
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
