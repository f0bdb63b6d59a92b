using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Tests.Execution;

public sealed class RequestedDelaysTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void Delay_IsOfItsJob_WhenSeveralJobsFailWithOneException()
    {
        InvalidOperationException failure = new("shared");

        RequestedDelays.Set(failure, "1", Hour);
        RequestedDelays.Set(failure, "2", Day);

        Assert.Null(RequestedDelays.Take(failure, "3"));
        Assert.Equal((Hour, Day), (RequestedDelays.Take(failure, "1"), RequestedDelays.Take(failure, "2")));
        Assert.Null(RequestedDelays.Take(failure, "1"));
    }

    [Fact]
    public void Delay_IsForgotten_WhenTheJobFailsAgainWithoutOne()
    {
        InvalidOperationException failure = new("shared");

        RequestedDelays.Set(failure, "1", Hour);
        RequestedDelays.Set(failure, "1", delay: null);

        Assert.Null(RequestedDelays.Take(failure, "1"));
    }
}
