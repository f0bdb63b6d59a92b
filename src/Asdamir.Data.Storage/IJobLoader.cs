using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.Storage;

/// <summary>
/// Decides which stored jobs a process loads. A row can name any type and method, and Hangfire's
/// loader resolves every type that it names. An implementation must recognise the name of a type before it resolves it.
/// </summary>
public interface IJobLoader
{
    /// <summary>Turns a stored job into one that can be executed.</summary>
    /// <param name="stored">The stored text, which is untrusted.</param>
    /// <returns>The job.</returns>
    /// <exception cref="JobLoadException">This process does not load the job; the inner exception has the reason.</exception>
    Job Load(InvocationData stored);

    /// <summary>Turns the stored job of a recurring job into one that can be executed.</summary>
    /// <param name="payload">The JSON that Hangfire stores with a recurring job, which is untrusted.</param>
    /// <returns>The job.</returns>
    /// <exception cref="JobLoadException">This process does not load the job; the inner exception has the reason.</exception>
    Job LoadPayload(string payload);
}
