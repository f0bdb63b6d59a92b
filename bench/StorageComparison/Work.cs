namespace StorageComparison;

/// <summary>The trivial job.</summary>
public static class Work
{
    private static CountdownEvent _left = new(1);

    public static void Expect(int jobs) => _left = new CountdownEvent(jobs);

    public static void Run(int number) => _left.Signal();

    public static int Left => _left.CurrentCount;
}
