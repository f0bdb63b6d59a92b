using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Preflight;

/// <summary>Tries what a job was stored with against the job type of a build that has its name.</summary>
internal sealed class PayloadTrial(BuildContent build, Findings findings, SecretMask mask)
{
    private const int MostNames = 1_000;
    private const int MostShapes = 1_000;
    private const int LongestMessage = 1_000;
    private const string Others = "(others)";
    private const string PositionInJson = " | LineNumber";

    private readonly Dictionary<string, TriedType> _tried = new(StringComparer.Ordinal);

    public IReadOnlyList<PreflightedJobs> Tried =>
    [
        .. _tried.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => new PreflightedJobs
        {
            Name = entry.Key,
            Jobs = entry.Value.Jobs,
            RecurringJobs = entry.Value.RecurringJobs,
            Shapes = entry.Value.Shapes.Count,
            IsFound = entry.Value.IsFound,
        }),
    ];

    /// <param name="queue">Its queue.</param>
    /// <param name="severity">How bad it is that it cannot be executed.</param>
    public void TryJob(string name, string? payload, string jobId, string queue, JobFindingSeverity severity)
    {
        var type = TypeOf(name);
        type.Jobs++;
        foreach (var finding in FindingsOf(type, name, payload, $"{type.Name} on {queue}", severity))
            findings.AddJob(finding, jobId);
    }

    /// <param name="removedWhenMissing">Whether the app removes it when its build lacks the type.</param>
    public void TryRecurring(string name, string? payload, string storedId, bool removedWhenMissing)
    {
        var type = TypeOf(name);
        if (!type.IsFound && removedWhenMissing)
            return;
        type.RecurringJobs++;
        foreach (var finding in FindingsOf(type, name, payload, $"recurring job {storedId}", JobFindingSeverity.Error))
            findings.Add(finding);
    }

    private TriedType TypeOf(string name)
    {
        var known = StoredMethod.Cut(name, StoredMethod.LongestName);
        if (_tried.Count >= MostNames && !_tried.ContainsKey(known))
            known = Others;
        if (!_tried.TryGetValue(known, out var type))
        {
            var jobs = build.Find(name, out var isFound);
            _tried[known] = type = new TriedType(known, jobs, isFound);
        }
        return type;
    }

    private IEnumerable<JobFinding> FindingsOf(TriedType type, string name, string? payload, string target, JobFindingSeverity severity)
    {
        if (!type.IsFound)
        {
            return
            [
                Of(JobFindingKind.JobTypeMissing, severity,
                    $"The build has no job type of the name '{type.Name}', so a server of it postpones the job again and again.",
                    "keep the class; after a rename, put [FormerlyKnownAs(\"…\")] with this name on the class that took its place; or "
                        + "delete the jobs")
                    with { Value = type.Name },
            ];
        }
        JobPayload read;
        try
        {
            read = JobPayload.Read(payload);
        }
        catch (JsonException)
        {
            return [Unreadable("its stored data is not the JSON of a job.", "delete it, and enqueue it again in its app")];
        }
        if (read.Version > JobPayload.CurrentVersion)
        {
            return
            [
                Unreadable(
                    $"its data has version {read.Version}, and this package reads up to {JobPayload.CurrentVersion}.",
                    "use a newer version of the package in the build and of this tool"),
            ];
        }
        var isNewShape = type.Shapes.Count < MostShapes && type.Shapes.Add(ArgumentShape.Of(read.Args));
        return type.Descriptors.Select(job => FaultOf(job, read.Args, name) ?? (isNewShape ? LossOf(job, read.Args, name) : null))
            .OfType<Fault>()
            .Select(fault => Of(
                fault.Kind, fault.Kind == JobFindingKind.ArgumentsLost ? JobFindingSeverity.Warning : severity, fault.Message, fault.Fix));

        JobFinding Unreadable(string message, string fix) =>
            Of(JobFindingKind.UnreadableJob, severity, $"It cannot be executed: {message}", fix);

        JobFinding Of(JobFindingKind kind, JobFindingSeverity worst, string message, string fix) => new()
        {
            Kind = kind, Severity = worst, Target = mask.Of(target), Message = mask.Of(message), Fix = fix,
        };
    }

    private static Fault? FaultOf(JobDescriptor job, JsonElement? args, string name)
    {
        try
        {
            job.Invoker.Read(args, name);
            return null;
        }
        // Constructors and converters of the build run here.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new Fault(
                JobFindingKind.ArgumentsUnreadable,
                StoredMethod.Cut(exception.Message.Split(PositionInJson, 2)[0].TrimEnd('.'), LongestMessage) + ".",
                "keep the arguments able to read what earlier builds stored, or delete the jobs and enqueue them again");
        }
    }

    private static Fault? LossOf(JobDescriptor job, JsonElement? args, string name)
    {
        if (args is not { ValueKind: not JsonValueKind.Null } stored || !ArgumentShape.IsComparable(stored))
            return null;
        return LostPath(job, stored, name) is { } path
            ? new Fault(
                JobFindingKind.ArgumentsLost,
                $"{job.Type} does not read what was stored at {path}, so the job gets another value.",
                "keep the name of the property, or give the new one [JsonPropertyName] with the old name; or give it a converter")
            : null;
    }

    // What is written again is what was read.
    private static string? LostPath(JobDescriptor job, JsonElement stored, string name)
    {
        if (job.Invoker.ArgumentType is not { } type)
            return "$";
        try
        {
            return MissingPath(stored, JsonSerializer.SerializeToElement(job.Invoker.Read(stored, name), type, ArgumentJson.Options), "$");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // They are only read, so that they can be written is not needed.
            return null;
        }
    }

    // What the build adds is no loss.
    private static string? MissingPath(JsonElement stored, JsonElement read, string path)
    {
        switch (stored.ValueKind, read.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                return stored.EnumerateObject()
                    .Select(property => read.TryGetProperty(property.Name, out var other)
                        ? MissingPath(property.Value, other, $"{path}.{property.Name}")
                        : property.Value.ValueKind == JsonValueKind.Null ? null : $"{path}.{property.Name}")
                    .FirstOrDefault(static missing => missing is not null);
            case (JsonValueKind.Array, JsonValueKind.Array):
                return stored.GetArrayLength() > 0 && read.GetArrayLength() > 0 ? MissingPath(stored[0], read[0], $"{path}[]") : null;
            default:
                // A changed form of one value, such as a number for the name of an enum value, is read as the same value.
                return null;
        }
    }

    private sealed record Fault(JobFindingKind Kind, string Message, string Fix);

    private sealed class TriedType(string name, IReadOnlyList<JobDescriptor> jobs, bool isFound)
    {
        public string Name => name;

        public IReadOnlyList<JobDescriptor> Descriptors => jobs;

        public bool IsFound => isFound;

        public long Jobs { get; set; }

        public int RecurringJobs { get; set; }

        public HashSet<string> Shapes { get; } = new(StringComparer.Ordinal);
    }
}
