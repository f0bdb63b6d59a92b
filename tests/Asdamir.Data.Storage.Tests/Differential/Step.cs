namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>Something that is done to both storages, or asked of both.</summary>
/// <param name="What">For the message of a difference.</param>
/// <param name="Run">Returns what is compared.</param>
internal sealed record Step(string What, Func<Side, string> Run)
{
    /// <remarks>How storages word a refusal is their own affair; what they refuse is not.</remarks>
    public string On(Side side)
    {
        try
        {
            return Run(side);
        }
        catch (ArgumentException)
        {
            return "refused";
        }
    }

    public override string ToString() => What;
}
