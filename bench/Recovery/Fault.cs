namespace Recovery;

internal enum Fault
{
    Kill,
    Suspend,
    Silence,
}

internal static class Faults
{
    public static string NameOf(Fault fault) => fault switch
    {
        Fault.Kill => "kill -9",
        Fault.Suspend => "SIGSTOP, for longer than its lease",
        _ => "its network carries nothing any more",
    };
}
