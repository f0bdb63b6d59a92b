using Hangfire;

namespace Asdamir.Data.Storage.Tests.Storages;

/// <summary>The storages one test class has opened: one that all its tests share, and new ones for tests that count everything.</summary>
public sealed class OpenStorages(StorageServer server) : IAsyncDisposable
{
    private readonly List<JobStorage> _opened = [];
    private (JobStorage Storage, Place Place)? _shared;

    public (JobStorage Storage, Place Place) Shared(StorageUnderTest description) => _shared ??= New(description);

    public (JobStorage Storage, Place Place) New(StorageUnderTest description)
    {
        var place = server.NewPlace();
        return (Open(description, place), place);
    }

    public JobStorage Open(StorageUnderTest description, Place place)
    {
        var storage = description.Open(place);
        _opened.Add(storage);
        return storage;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var storage in Enumerable.Reverse(_opened))
            await CloseAsync(storage);
    }

    public static async ValueTask CloseAsync(JobStorage storage)
    {
        if (storage is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (storage as IDisposable)?.Dispose();
    }
}
