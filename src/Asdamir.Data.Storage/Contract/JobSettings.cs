using Hangfire.Common;

namespace Asdamir.Data.Storage.Contract;

/// <summary>How a process names jobs, and which it loads.</summary>
internal sealed class JobSettings(Func<Job, string> nameOf)
{
    private readonly bool _hasOwnName = nameOf != SqlJobStorage.DefaultName;

    /// <summary>What this process may load; <see langword="null"/> for everything.</summary>
    public IJobLoader? Loader { get; set; }

    public Func<Job, string> NameOf { get; private set; } = nameOf;

    /// <summary>Sets the naming of jobs, unless the storage's options set it.</summary>
    public void UseName(Func<Job, string> name)
    {
        if (!_hasOwnName)
            NameOf = name;
    }
}
