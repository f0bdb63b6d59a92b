namespace Asdamir.AdminConsole.Shell;

/// <summary>The pages a company's frame leads to, with their titles.</summary>
internal sealed class Navigation
{
    private readonly Dictionary<ConsolePage, Func<string>> _titles = [];

    public IEnumerable<(ConsolePage Page, string Title)> Entries =>
        PageMap.OfCompany.Where(page => page.Key is not null && _titles.ContainsKey(page)).Select(page => (page, _titles[page]()));

    public void Add(ConsolePage page, Func<string> title) => _titles.Add(page, title);
}
