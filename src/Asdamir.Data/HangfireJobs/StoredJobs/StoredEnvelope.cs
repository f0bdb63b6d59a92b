using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Reads an envelope from a stored row, without loading a type that the row names.</summary>
internal static class StoredEnvelope
{
    private static readonly InvocationData Known = InvocationData.SerializeJob(JobEnvelope.Wrap("", "", null));
    private static readonly ParameterInfo[] Parameters = typeof(JobEnvelope).GetMethod(nameof(JobEnvelope.ExecuteAsync))!.GetParameters();

    public static bool TryRead(InvocationData? stored, [NotNullWhen(true)] out string? jobName, out string? payloadJson)
    {
        jobName = null;
        payloadJson = null;
        if (stored is null || !IsEnvelope(stored) || StoredTexts.Read(stored.Arguments) is not [{ } name, var payload, ..])
            return false;
        jobName = StoredTexts.Unquote(name);
        payloadJson = payload is null ? null : StoredTexts.Unquote(payload);
        return true;
    }

    // Usually the names are equal; an earlier package version or another serializer writes other names for the same types.
    private static bool IsEnvelope(InvocationData stored) =>
        stored.Method == Known.Method
        && (stored.Type == Known.Type || StoredTypeName.IsOf(stored.Type, typeof(JobEnvelope)))
        && (stored.ParameterTypes == Known.ParameterTypes || HasItsParameters(stored.ParameterTypes));

    private static bool HasItsParameters(string? parameterTypes) =>
        StoredTexts.Read(parameterTypes) is { } names
        && names.Count == Parameters.Length
        && names.Zip(Parameters).All(static pair => StoredTypeName.IsOf(pair.First, pair.Second.ParameterType));
}
