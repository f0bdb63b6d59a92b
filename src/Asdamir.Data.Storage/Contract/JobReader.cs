using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Makes Hangfire's jobs of rows. It loads the last row once, as its arguments may be large.</summary>
/// <param name="loader">What the process may load; <see langword="null"/> for everything.</param>
internal sealed class JobReader(IJobLoader? loader)
{
    private JobCall? _call;
    private InvocationData? _invocation;
    private Job? _job;
    private JobLoadException? _error;

    public JobData Read(JobRow row)
    {
        Load(row.Invocation);
        return new JobData
        {
            Job = _job,
            LoadException = _error,
            InvocationData = _invocation,
            State = row.State,
            CreatedAt = row.CreatedAt,
            ParametersSnapshot = ParametersOf(row),
        };
    }

    /// <summary>A job that is not written yet.</summary>
    public JobData Read(NewJob job)
    {
        Load(job.Invocation);
        return new JobData
        {
            Job = _job,
            LoadException = _error,
            InvocationData = _invocation,
            CreatedAt = Micros.ToUtc(job.CreatedAt),
            ParametersSnapshot = new Dictionary<string, string>(job.Parameters!),
        };
    }

    /// <summary>A copy of the parameters, of which Hangfire builds nothing that the process does not load.</summary>
    public Dictionary<string, string> ParametersOf(JobRow row)
    {
        var parameters = new Dictionary<string, string>(row.Parameters);
        if (loader is not null && parameters.TryGetValue(UntrustedJson.Continuations, out var children))
            parameters[UntrustedJson.Continuations] = UntrustedJson.ContinuationsOf(children);
        return parameters;
    }

    public static InvocationData InvocationOf(JobCall call) =>
        new(call.Type, call.Method, call.ParameterTypes, call.Arguments, call.Queue);

    private void Load(JobCall call)
    {
        if (ReferenceEquals(call, _call))
            return;
        _invocation = InvocationOf(call);
        (_job, _error) = StoredJob.Load(_invocation, loader);
        _call = call;
    }
}
