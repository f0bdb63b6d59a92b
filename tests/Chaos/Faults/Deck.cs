namespace Chaos.Faults;

/// <summary>The order of the faults: shuffled, each kind in its share, and all kinds in every hand.</summary>
internal sealed class Deck(Random random, IReadOnlySet<FaultKind> possible)
{
    private static readonly (FaultKind Kind, int Count)[] Shares =
    [
        (FaultKind.KillWorker, 8), (FaultKind.TerminateWorker, 5), (FaultKind.MoveTimeZone, 2),
        (FaultKind.KillEnqueuer, 3), (FaultKind.TerminateEnqueuer, 1),
        (FaultKind.PauseShort, 4), (FaultKind.PauseLong, 1), (FaultKind.Partition, 1),
        (FaultKind.KillServer, 2), (FaultKind.StopServer, 2), (FaultKind.FailOver, 1), (FaultKind.FillDisk, 2),
        (FaultKind.CutConnections, 3), (FaultKind.DelayConnections, 3), (FaultKind.LoseAnswers, 4), (FaultKind.HangAnswer, 1),
    ];

    private readonly Queue<FaultKind> _hand = new();

    public FaultKind Next()
    {
        if (_hand.Count == 0)
        {
            // A fault that takes long comes early, so that it ends with its hand, and a failover, so that a short run has one.
            var cards = Shares.Where(share => possible.Contains(share.Kind))
                .SelectMany(static share => Enumerable.Repeat(share.Kind, share.Count)).ToArray();
            random.Shuffle(cards);
            foreach (var card in cards.OrderByDescending(static card => card.TakesLong() || card == FaultKind.FailOver))
                _hand.Enqueue(card);
        }
        return _hand.Dequeue();
    }
}
