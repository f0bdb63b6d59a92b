using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Peers;

/// <summary>A process that runs a peer: takes orders by line, see <see cref="PeerHost"/>.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);
    private readonly BlockingCollection<string> _answers = [];
    private readonly Process _process;

    public PeerProcess(Peer peer, string place, string? node)
    {
        _process = Process.Start(new ProcessStartInfo(
            node ?? Environment.ProcessPath!,
            [.. node is null ? Array.Empty<string>() : [Path.Combine(Installation.NodeFolder, "serve.js")], "serve", peer.Key, place])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        new Thread(Read) { IsBackground = true }.Start();
        Answer("start");
    }

    public int Id => _process.Id;

    /// <summary>When and how late jobs were picked up here, in milliseconds.</summary>
    public BlockingCollection<double> Pickups { get; } = [];

    public (double PerSecond, int Jobs, string Text) Order(string order)
    {
        _process.StandardInput.WriteLine(order);
        return Answer(order);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            _process.Kill();
        _process.Dispose();
    }

    private (double PerSecond, int Jobs, string Text) Answer(string order)
    {
        if (!_answers.TryTake(out var answer, Longest))
            throw new TimeoutException($"'{order}' had no answer within {Longest}.");
        if (answer.Length == 0)
            throw new InvalidOperationException($"The process ended at '{order}'.");
        var words = answer.Split(' ', 4);
        return (double.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture),
            words.Length > 3 ? words[3] : "");
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "done")
                _answers.Add(line);
            else if (words.Length == 2 && long.TryParse(words[1], CultureInfo.InvariantCulture, out var ticks))
                Pickups.Add(TimeSpan.FromTicks(ticks).TotalMilliseconds);
        }
        _answers.Add("");
    }
}
