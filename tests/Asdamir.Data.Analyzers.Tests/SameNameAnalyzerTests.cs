namespace Asdamir.Data.Analyzers.Tests;

public sealed class SameNameAnalyzerTests
{
    [Fact]
    public async Task Names_OfTwoJobTypes_AreReported()
    {
        var messages = await Source.IsReportedAsMarkedAsync(
            """
            namespace A
            {
                public sealed class MailJob : Job;
                public sealed class OtherJob : Job;
            }

            namespace B
            {
                public sealed class MailJob : Job; // ADJ0004
                [JobName("other")] public sealed class OtherJob : Job;
            }

            namespace C
            {
                public sealed class MailJob : Job;

                public static class App
                {
                    public static void Register(IHangfireJobsBuilder jobs) => jobs.AddJob<MailJob>();
                }
            }

            public abstract class Job : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }
            """);

        Assert.Contains(
            "The job types A.MailJob and B.MailJob both have the name 'MailJob'", Assert.Single(messages), StringComparison.Ordinal);
    }
}
