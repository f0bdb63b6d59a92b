using TwoCompanies.Acme.Crm;
using TwoCompanies.Acme.Finance;
using TwoCompanies.Acme.Shop;
using TwoCompanies.Apps;
using TwoCompanies.Globex.Billing;
using TwoCompanies.Globex.Dispatch;
using TwoCompanies.Globex.Warehouse;

namespace TwoCompanies;

/// <summary>A company has one database, in which its apps share a schema.</summary>
public sealed record Company(string Code, string Name, IReadOnlyList<IApp> Apps)
{
    public static IReadOnlyList<Company> All { get; } =
    [
        new("acme", "Acme Trading", [new CrmApp(), new FinanceApp(), new ShopApp()]),
        new("globex", "Globex Logistics", [new BillingApp(), new DispatchApp(), new WarehouseApp()]),
    ];

    /// <param name="path">Company and app, as <c>acme/shop</c>.</param>
    public static IApp FindApp(string path) =>
        All.SelectMany(static company => company.Apps, static (company, app) => (Path: $"{company.Code}/{app.Code}", App: app))
            .FirstOrDefault(candidate => candidate.Path == path).App ?? throw new ArgumentException($"There is no app '{path}'.");
}
