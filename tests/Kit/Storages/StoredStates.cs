using System.Reflection;
using System.Reflection.Emit;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Kit;

/// <summary>Puts runs into states as another process would have left them: straight into the storage.</summary>
public static class StoredStates
{
    public static IState Processing { get; } = ProcessingBy("other", "1");

    public static IState ProcessingBy(string serverId, string workerId) => new State("Processing", new()
    {
        ["StartedAt"] = JobHelper.SerializeDateTime(DateTime.UtcNow), ["ServerId"] = serverId, ["WorkerId"] = workerId,
    });

    public static IState Of(string name) => name switch
    {
        "Failed" => new FailedState(new InvalidOperationException("broken")),
        "Deleted" => new DeletedState(),
        "Succeeded" => new SucceededState(null, 0, 0),
        "Processing" => Processing,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static void Put(JobStorage storage, string jobId, IState state)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(jobId, state);
        transaction.Commit();
    }

    /// <summary>A job whose type no process can load (any more).</summary>
    public static string CreateUnloadable(JobStorage storage, string queue, IState state)
    {
        var gone = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Gone"), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule("Gone").DefineType("Gone.Job", TypeAttributes.Public | TypeAttributes.Class);
        var method = gone.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        method.GetILGenerator().Emit(OpCodes.Ret);
        var type = gone.CreateType();

        using var connection = storage.GetConnection();
        var job = new Job(type, type.GetMethod("Run"), [], queue);
        var jobId = connection.CreateExpiredJob(job, new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
        Put(storage, jobId, state);
        return jobId;
    }

    private sealed class State(string name, Dictionary<string, string> data) : IState
    {
        public string Name => name;

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => data;
    }
}
