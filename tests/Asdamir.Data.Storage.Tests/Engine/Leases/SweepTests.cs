using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>The release of what belongs to the lease of a process without a holder in it, after a report.</summary>
public sealed class SweepTests
{
    // After the sixth renewal there is a sweep without a report.
    private const int MostRenewals = 3;

    [Fact]
    public async Task Sweep_IsRepeatedAtTheNextRenewal_AndReleasesEverythingElse_WhenAReleaseFails()
    {
        using var folder = new TemporaryFolder();
        var options = new SqliteJobStorageOptions { TimeProvider = new FakeTimeProvider(DateTimeOffset.UtcNow) };
        using var database = new SqliteDatabase(folder.Sqlite(), options);
        database.Migrate();
        using var leases = new LeaseKeeper(database, LeaseKeeper.LongestTimeout, HangfireStates.EnqueuedData);
        int locks = 0, claims = 0;
        leases.Sweeping += _ =>
        {
            if (Interlocked.Increment(ref locks) == 1)
                throw new InvalidOperationException("The database is away.");
        };
        leases.Sweeping += _ => Interlocked.Increment(ref claims);
        leases.SweepSoon();
        leases.Current();
        await Until.TrueAsync(() => Volatile.Read(ref claims) == 1, "the second release is done although the first one failed");

        var renewals = 0;
        await Until.TrueAsync(
            () =>
            {
                if (Volatile.Read(ref locks) > 1 || renewals == MostRenewals)
                    return true;
                Renew(leases);
                renewals++;
                return false;
            },
            "it is repeated");

        await Until.EqualAsync(2, () => Volatile.Read(ref locks), "the number of sweeps");
    }

    // A new lease is renewed at once.
    private static void Renew(LeaseKeeper leases)
    {
        leases.Lost(leases.Current());
        leases.Current();
    }
}
