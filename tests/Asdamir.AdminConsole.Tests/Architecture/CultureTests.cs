using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Tests.Architecture;

public sealed class CultureTests
{
    [Fact]
    public void Console_ComparesNoTextByCulture() => Assert.Empty(CultureBoundCalls.Of(typeof(Attention).Assembly));
}
