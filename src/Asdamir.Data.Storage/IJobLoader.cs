using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>
/// Decides which stored jobs a process loads. A row can name any type and any method, and loading it Hangfire's way resolves
/// every type that it names. An implementation must not resolve a type before it has recognised its name.
/// </summary>
public interface IJobLoader
{
    /// <summary>Turns a stored job into one that can be executed.</summary>
    /// <param name="stored">What is stored: untrusted text.</param>
    /// <returns>The job.</returns>
    /// <exception cref="JobLoadException">This process does not load it; the inner exception says why.</exception>
    Job Load(InvocationData stored);

    /// <summary>Turns the stored job of a recurring job into one that can be executed.</summary>
    /// <param name="payload">The JSON that Hangfire stores with a recurring job: untrusted text.</param>
    /// <returns>The job.</returns>
    /// <exception cref="JobLoadException">This process does not load it; the inner exception says why.</exception>
    Job LoadPayload(string payload);
}
