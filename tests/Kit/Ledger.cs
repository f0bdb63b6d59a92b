using System.Text;

namespace Kit;

/// <summary>
/// A file of lines that only grows. A line is with the operating system when <see cref="Write"/> returns, so a kill of the process keeps
/// it.
/// </summary>
public sealed class Ledger(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public string FullPath { get; } = Path.GetFullPath(path);

    public void Write(string line)
    {
        lock (_gate)
            _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    public void Dispose() => _file.Dispose();
}
