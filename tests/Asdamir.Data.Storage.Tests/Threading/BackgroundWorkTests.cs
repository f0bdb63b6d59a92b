using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Tests.Threading;

public sealed class BackgroundWorkTests
{
    [Fact]
    public void Work_IsRestartedAfterAnException_WhichIsLogged()
    {
        WarningLog.Start();
        var work = $"{nameof(BackgroundWorkTests)} {Guid.NewGuid()}";
        var attempts = 0;

        BackgroundWork.Keep(
            () =>
            {
                if (++attempts == 1)
                    throw new InvalidOperationException("as ordered");
            },
            new StorageLog(typeof(BackgroundWorkTests)), work);

        Assert.Equal(2, attempts);
        Assert.Contains("as ordered", Assert.Single(WarningLog.Of(work)), StringComparison.Ordinal);
    }
}
