using Hangfire;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>The storages one test class has opened: one that all its tests share, and new ones for tests that count everything.</summary>
public sealed class OpenStorages : IAsyncDisposable
{
    private readonly List<JobStorage> _opened = [];
    private (JobStorage Storage, string Name)? _shared;

    internal (JobStorage Storage, string Name) Shared(Func<string, JobStorage> open) => _shared ??= New(open);

    internal (JobStorage Storage, string Name) New(Func<string, JobStorage> open)
    {
        var name = $"c{Guid.NewGuid():n}";
        return (Add(open(name)), name);
    }

    internal JobStorage Add(JobStorage storage)
    {
        _opened.Add(storage);
        return storage;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var storage in Enumerable.Reverse(_opened))
            await CloseAsync(storage);
    }

    internal static async ValueTask CloseAsync(JobStorage storage)
    {
        if (storage is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (storage as IDisposable)?.Dispose();
    }
}
