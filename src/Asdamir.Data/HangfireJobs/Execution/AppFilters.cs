using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>The filters the app added for all its jobs.</summary>
internal sealed class AppFilters(IEnumerable<JobFilter> filters)
{
    public static readonly AppFilters None = new([]);

    private static readonly Type[] Kinds =
    [
        typeof(IClientFilter), typeof(IClientExceptionFilter), typeof(IServerFilter), typeof(IServerExceptionFilter),
        typeof(IElectStateFilter), typeof(IApplyStateFilter),
    ];

    public IReadOnlyList<JobFilter> All { get; } = [.. filters];

    public static bool IsFilter(Type type) => Array.Exists(Kinds, kind => kind.IsAssignableFrom(type));

    public static JobFilter Of(object filter, int? order) => new(filter, JobFilterScope.Global, order);
}
