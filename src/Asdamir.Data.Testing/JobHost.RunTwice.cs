using Asdamir.Data.Testing.RunTwice;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Testing;

public sealed partial class JobHost
{
    /// <summary>
    /// Proves that a job may be executed twice, which happens when its process dies before its success is stored. The job is ended after
    /// each of its effects, one after the other, and is executed again; what a snapshot shows must be the same as after one execution.
    /// </summary>
    /// <remarks>
    /// Effects are the steps of the job, its saved cursors, the awaited calls of the services in its constructor that are behind an
    /// interface, and its return. Each is tried in a fresh host, which the delegate of <see cref="StartAsync"/> builds at the time that
    /// <see cref="Clock"/> shows: what was arranged in this host afterwards is not there.
    /// </remarks>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <param name="args">Its arguments; <see langword="null"/> for a job type without any.</param>
    /// <param name="snapshot">Shows what must be the same, from the services of a new scope, as sent mails and stored rows. Snapshots are
    /// compared as JSON, so it returns a value without what differs each time.</param>
    /// <param name="cancellationToken">Ends the proof.</param>
    /// <returns>The effects after which the job was ended, in their order.</returns>
    /// <exception cref="JobAssertionException">What is left is not the same; the message names the effects, and shows the snapshots. Or the
    /// job has not succeeded when it was executed once.</exception>
    /// <exception cref="InvalidOperationException">This host was not built by <see cref="StartAsync"/>.</exception>
    /// <exception cref="TimeoutException">The job has not ended within <see cref="JobHostOptions.Timeout"/>.</exception>
    public Task<IReadOnlyList<string>> RunTwiceAsync<TJob>(
        object? args, Func<IServiceProvider, Task<object?>> snapshot, CancellationToken cancellationToken = default) where TJob : class
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var configure = _configure ?? throw new InvalidOperationException(
            $"{nameof(RunTwiceAsync)} builds fresh hosts, and another program has built this one. Fix: build it with "
                + $"{nameof(JobHost)}.{nameof(StartAsync)}(app => …), with the services that the job needs.");
        var options = Services.GetRequiredService<JobHostOptions>();
        var proof = new RunTwiceProof(
            (watch, ct) => BuildAsync(configure, options with { StartAt = Clock.GetUtcNow() }, watch, ct), typeof(TJob), args, snapshot);
        return proof.ProveAsync(options.MaxRuns, cancellationToken);
    }

    /// <inheritdoc cref="RunTwiceAsync{TJob}(object, Func{IServiceProvider, Task{object}}, CancellationToken)"/>
    public Task<IReadOnlyList<string>> RunTwiceAsync<TJob>(
        object? args, Func<IServiceProvider, object?> snapshot, CancellationToken cancellationToken = default) where TJob : class
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return RunTwiceAsync<TJob>(args, services => Snapshot.ValueAsync(snapshot(services)), cancellationToken);
    }
}
