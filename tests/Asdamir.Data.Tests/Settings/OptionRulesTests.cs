using System.Globalization;
using System.Reflection;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Settings;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.Tests.Settings;

/// <summary>The rules stand beside the properties, and a generated validator reads them.</summary>
public sealed class OptionRulesTests
{
    private static readonly Type[] OptionTypes =
    [
        typeof(HangfireJobsOptions), typeof(HangfireJobsStorageOptions), typeof(HangfireJobsRetryOptions),
        typeof(HangfireJobsRetentionOptions),
        typeof(HangfireJobsAccessOptions), typeof(HangfireJobsHealthOptions),
    ];

    public static TheoryData<Action<HangfireJobsOptions>, string> Faults => new()
    {
        {
            options => options.AppQueue = "Crm Berlin",
            "HangfireJobs:AppQueue = 'Crm Berlin' may only contain lowercase letters, digits, '-' and '_'. "
                + "Fix: use for example 'crm-berlin'."
        },
        {
            options => options.RecurringJobIdPrefix = "a:b",
            "HangfireJobs:RecurringJobIdPrefix = 'a:b' may only contain letters, digits, '.', '-' and '_'. "
                + "Fix: use the app's code, for example 'crm'."
        },
        {
            options => options.Retry.Attempts = 1_001,
            "HangfireJobs:Retry:Attempts = '1001' is not a number from 0 to 1000. Fix: set the number of retries."
        },
        {
            options => options.Retry.Jitter = 1.5,
            "HangfireJobs:Retry:Jitter = '1.5' is not a number from 0 to 1. Fix: set the part of a delay that is added at random."
        },
        {
            options => options.Health.DegradedFailures = -1,
            "HangfireJobs:Health:DegradedFailures = '-1' is below zero. Fix: set how many jobs may fail within an hour."
        },
        {
            options => options.StopTimeout = TimeSpan.FromDays(25),
            "HangfireJobs:StopTimeout = '25.00:00:00' is not a duration from 00:00:00 to 24 days. "
                + "Fix: set how long running jobs may continue when the app stops."
        },
        {
            options => options.Retention.Failed = TimeSpan.Zero,
            "HangfireJobs:Retention:Failed = '00:00:00' is not a duration above zero and up to 3650 days. "
                + "Fix: set how long failed jobs are kept."
        },
        {
            options => options.Access.MaskedKeys = "taxId, no",
            "HangfireJobs:Access:MaskedKeys = 'taxId, no' has the name 'no', which is too short. "
                + "Fix: write names of at least 3 letters or digits, separated by commas, as in 'taxId, salary'."
        },
        {
            options => options.Storage.Provider = "Oracle",
            "HangfireJobs:Storage:Provider = 'Oracle' is unknown. "
                + "Fix: use Sqlite, PostgreSql or InMemory, or hand in a storage with UseStorage(…)."
        },
        {
            options => options.Storage.MaxConnections = 7,
            "HangfireJobs:Storage:MaxConnections = '7' is not a number from 8 to 1000. "
                + "Fix: leave it empty, or set how many connections this process may use."
        },
        {
            options => options.Retry.BaseDelay = TimeSpan.FromMinutes(20),
            "HangfireJobs:Retry:MaxDelay = '00:10:00' is shorter than Retry:BaseDelay (00:20:00). "
                + "Fix: raise it to at least Retry:BaseDelay."
        },
        {
            options => options.Storage.ConnectionString = "Data Source=:memory:",
            "HangfireJobs:Storage:ConnectionString names no file. Fix: leave it empty, "
                + "or write for example 'Data Source=/var/lib/shop/jobs.db'; for jobs in memory set Provider to InMemory."
        },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void FaultsOf_NamesKeyValueAndFix(Action<HangfireJobsOptions> configure, string expected)
    {
        var culture = CultureInfo.CurrentCulture;
        var options = new HangfireJobsOptions();
        configure(options);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

            Assert.Equal([expected], OptionRules.FaultsOf(options));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void FaultsOf_StartsEachKeyWithTheGivenSection()
    {
        var fault = Assert.Single(OptionRules.FaultsOf(new HangfireJobsStorageOptions { Schema = "Company A" }, "Companies:0:Storage"));

        Assert.StartsWith("Companies:0:Storage:Schema = 'Company A' is not a valid schema name. Fix: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsOf_IsEmpty_ForTheDefaults() => Assert.Empty(OptionRules.FaultsOf(new HangfireJobsOptions()));

    [Fact]
    public void Options_HaveARule_WhereverAValueCanBeImpossible()
    {
        var unruled = OptionTypes.SelectMany(static type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(static property => NeedsRule(property.PropertyType) && !HasRule(property))
            .Select(static property => $"{property.DeclaringType!.Name}.{property.Name}");

        Assert.Empty(unruled);
    }

    private static bool NeedsRule(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain
        && (plain == typeof(int) || plain == typeof(double) || plain == typeof(TimeSpan) || OptionTypes.Contains(plain));

    private static bool HasRule(PropertyInfo property) => OptionTypes.Contains(property.PropertyType)
        ? property.IsDefined(typeof(ValidateObjectMembersAttribute))
        : property.IsDefined(typeof(SettingAttribute));
}
