using System.Collections.Frozen;
using System.Reflection;
using Asdamir.Data.Storage;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Loads envelopes, and method calls on the types that the app allows. Both are recognised by their names: a type that only a row
/// names is never resolved, because that alone loads assemblies and constructs generic types.
/// </summary>
internal sealed class JobLoader(IEnumerable<Type> plainTypes) : IJobLoader
{
    private const BindingFlags Callable = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    private readonly FrozenSet<Type> _plainTypes = plainTypes.ToFrozenSet();

    /// <summary>For a process that executes no jobs.</summary>
    public static JobLoader EnvelopesOnly { get; } = new([]);

    public bool Allows(Job job) =>
        job.Type == typeof(JobEnvelope) ? JobEnvelope.TryUnwrap(job, out _, out _) : _plainTypes.Contains(job.Type);

    public Job Load(InvocationData stored)
    {
        try
        {
            return StoredEnvelope.TryRead(stored, out var name, out var payload)
                ? JobEnvelope.Wrap(name, payload, stored.Queue)
                : LoadPlain(stored);
        }
        catch (Exception exception)
        {
            // For example an invalid queue name. Rows may be written by other programs.
            throw new JobLoadException("The job was not loaded.", exception);
        }
    }

    public Job LoadPayload(string payload) =>
        Load(
            RecurringPayload.Read(payload)
                ?? throw new JobLoadException("The job was not loaded.", new InvalidOperationException("The stored text is not a job.")));

    /// <summary>Why a job that is not an envelope of a job class is not executed.</summary>
    public static InvalidOperationException Refusal(string method) => new(
        $"'{method}' is not a job of this app, so it was neither loaded nor executed. If it belongs to the app, "
            + $"allow its class with {nameof(IHangfireJobsBuilder.AllowPlainJobs)}(typeof(…)) after AddCoreHangfireJobs.");

    private Job LoadPlain(InvocationData stored)
    {
        var parameterTypes = StoredTexts.Read(stored.ParameterTypes);
        var arguments = StoredTexts.Read(stored.Arguments);
        if (parameterTypes is not null && arguments is not null)
        {
            foreach (var type in _plainTypes.Where(type => StoredTypeName.IsOf(stored.Type, type)))
            {
                foreach (var method in Methods(type).Where(method => IsNamed(method, stored.Method, parameterTypes)))
                {
                    // The names as this process writes them; the stored ones are equivalent.
                    var known = InvocationData.SerializeJob(new Job(type, method, new object?[parameterTypes.Count]));
                    return new InvocationData(known.Type, known.Method, known.ParameterTypes, StoredTexts.Write(arguments), stored.Queue)
                        .DeserializeJob();
                }
            }
        }
        throw Refusal(StoredMethod.NameOf(stored));
    }

    private static IEnumerable<MethodInfo> Methods(Type type) =>
        type.GetMethods(Callable)
            .Concat(type.IsInterface ? type.GetInterfaces().SelectMany(static parent => parent.GetMethods(Callable)) : []);

    private static bool IsNamed(MethodInfo method, string? name, List<string?> parameterTypes)
    {
        if (method.Name != name || method.ContainsGenericParameters)
            return false;
        var parameters = method.GetParameters();
        return parameters.Length == parameterTypes.Count
            && parameters.Zip(parameterTypes).All(static pair => StoredTypeName.IsOf(pair.Second, pair.First.ParameterType));
    }
}
