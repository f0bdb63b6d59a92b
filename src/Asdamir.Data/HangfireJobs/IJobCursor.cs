namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// How far a job has come: a value that is stored with the job, so that its next attempt continues there. Its members may be called from
/// any thread.
/// </summary>
/// <typeparam name="T">The type of the value, which is stored as JSON.</typeparam>
public interface IJobCursor<T>
{
    /// <summary>Reads the value: the one that was set last in this attempt, else the one that was stored last.</summary>
    /// <param name="ct">Ends the wait for the storage.</param>
    /// <returns>The default value of <typeparamref name="T"/> when the job has never set one.</returns>
    /// <exception cref="JobStepException">The stored value cannot be read as <typeparamref name="T"/>.</exception>
    Task<T?> ReadAsync(CancellationToken ct = default);

    /// <summary>
    /// Sets the value. Cheap: it is stored at most once a second, and when the attempt ends, however it ends. A process that dies loses
    /// what was set in its last second, so set what may be repeated, or use <see cref="SaveAsync"/>.
    /// </summary>
    /// <param name="value">The value; what is changed in it afterwards has no effect.</param>
    /// <exception cref="JobLostException">The job was moved away from this attempt.</exception>
    /// <exception cref="JobStepException">The value cannot be stored; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The attempt has ended.</exception>
    void MoveTo(T value);

    /// <summary>Sets the value and stores it at once.</summary>
    /// <param name="value">The value.</param>
    /// <param name="ct">Has an effect until the value is written.</param>
    /// <returns>Completes when the value is durable.</returns>
    /// <exception cref="JobLostException">The job was moved away from this attempt; nothing was written.</exception>
    /// <exception cref="JobStepException">The value cannot be stored; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The attempt has ended.</exception>
    Task SaveAsync(T value, CancellationToken ct = default);
}
