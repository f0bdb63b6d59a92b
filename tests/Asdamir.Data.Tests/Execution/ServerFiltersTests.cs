using Asdamir.Data.HangfireJobs.Execution;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Execution;

/// <summary>What filters see and what becomes of a job must not differ from Hangfire's performer.</summary>
public sealed class ServerFiltersTests : IDisposable
{
    private readonly InMemoryStorage _storage = new();
    private readonly IStorageConnection _connection;

    public ServerFiltersTests() => _connection = _storage.GetConnection();

    /// <summary>What a filter does.</summary>
    public enum Manner
    {
        Watch,
        ThrowBefore,
        AbortBefore,
        Cancel,
        ThrowAfter,
        Handle,
        HandleAtTheEnd,
    }

    /// <summary>How the job ends.</summary>
    public enum Ending
    {
        Success,
        Failure,
        Abort,
        OtherCancellation,
        Stop,
    }

    public void Dispose()
    {
        _connection.Dispose();
        _storage.Dispose();
    }

    public static TheoryData<Manner, Manner, Ending> Cases { get; } =
    [
        .. from outer in Enum.GetValues<Manner>()
           from inner in Enum.GetValues<Manner>()
           from end in Enum.GetValues<Ending>()
           select (outer, inner, end),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Execute_DoesWhatHangfireDoes(Manner outer, Manner inner, Ending end)
    {
        var expected = ByHangfire(new Filters(outer, inner), end);
        var actual = await ByUsAsync(new Filters(outer, inner), end);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Execute_HoldsNoThread_WhileTheJobWaits()
    {
        Filters filters = new(Manner.Watch, Manner.Watch);
        var context = NewContext(filters, Ending.Success);
        var gate = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);

        var execution = new ServerFilters(filters).ExecuteAsync(context, () => gate.Task);
        var before = filters.Notes.ToList();
        gate.SetResult("done");

        Assert.Equal("done", await execution);
        Assert.Equal(["outer before", "inner before"], before);
        Assert.Equal(["outer before", "inner before", "inner after done", "outer after done"], filters.Notes);
    }

    private List<string> ByHangfire(Filters filters, Ending end)
    {
        var context = NewContext(filters, end);
        return Observe(filters, () => new BackgroundJobPerformer(filters, new JobActivator()).Perform(context));
    }

    private async Task<List<string>> ByUsAsync(Filters filters, Ending end)
    {
        var context = NewContext(filters, end);
        object? result = null;
        Exception? error = null;
        try
        {
            result = await new ServerFilters(filters).ExecuteAsync(context, () => Task.FromResult(Target.Execute(context)));
        }
        catch (Exception exception)
        {
            error = exception;
        }
        return Observe(filters, () => error is null ? result : throw error);
    }

    private static List<string> Observe(Filters filters, Func<object?> perform)
    {
        try
        {
            var result = perform();
            return [.. filters.Notes, $"result {result ?? "none"}"];
        }
        catch (JobPerformanceException exception)
        {
            return [.. filters.Notes, $"{exception.Message} {exception.InnerException!.Message} {exception.JobId}"];
        }
        catch (Exception exception)
        {
            return [.. filters.Notes, $"{exception.GetType().Name}"];
        }
    }

    private PerformContext NewContext(Filters filters, Ending end)
    {
        var job = new BackgroundJob("1", Job.FromExpression(() => Target.Execute(null!)), DateTime.UtcNow);
        var context = new PerformContext(_storage, _connection, job, new Token(end == Ending.Stop));
        context.Items["end"] = end;
        context.Items["notes"] = filters.Notes;
        return context;
    }

    public static class Target
    {
        public static string? Execute(PerformContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            return context.Items["end"] switch
            {
                Ending.Failure => throw new InvalidOperationException("failed"),
                Ending.Abort => throw new JobAbortedException(),
                Ending.OtherCancellation => throw new OperationCanceledException("timeout"),
                Ending.Stop => throw new OperationCanceledException(context.CancellationToken.ShutdownToken),
                _ => "done",
            };
        }
    }

    private sealed class Filters(Manner outer, Manner inner) : IJobFilterProvider
    {
        public List<string> Notes { get; } = [];

        public IEnumerable<JobFilter> GetFilters(Job job) =>
        [
            new(new Filter("outer", outer, Notes), JobFilterScope.Global, 1),
            new(new Filter("inner", inner, Notes), JobFilterScope.Global, 2),
        ];
    }

    private sealed class Filter(string name, Manner manner, List<string> notes) : IServerFilter, IServerExceptionFilter
    {
        public void OnPerforming(PerformingContext context)
        {
            notes.Add($"{name} before");
            context.Canceled = manner == Manner.Cancel;
            if (manner == Manner.ThrowBefore)
                throw new InvalidOperationException($"{name} threw before");
            if (manner == Manner.AbortBefore)
                throw new JobAbortedException();
        }

        public void OnPerformed(PerformedContext context)
        {
            notes.Add($"{name} after {context.Result ?? context.Exception?.GetType().Name ?? (context.Canceled ? "cancelled" : "nothing")}"
                + (context.ExceptionHandled ? ", handled" : ""));
            if (manner == Manner.ThrowAfter)
                throw new InvalidOperationException($"{name} threw after");
            if (manner == Manner.Handle)
                context.ExceptionHandled = true;
        }

        public void OnServerException(ServerExceptionContext context)
        {
            notes.Add($"{name} sees {context.Exception.GetType().Name}{(context.ExceptionHandled ? ", handled" : "")}");
            if (manner == Manner.HandleAtTheEnd)
                context.ExceptionHandled = true;
        }
    }

    private sealed class Token(bool isStopped) : IJobCancellationToken
    {
        public CancellationToken ShutdownToken { get; } = new(isStopped);

        public void ThrowIfCancellationRequested() => ShutdownToken.ThrowIfCancellationRequested();
    }
}
