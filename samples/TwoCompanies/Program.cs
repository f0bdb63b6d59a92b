using TwoCompanies;
using TwoCompanies.Apps;
using TwoCompanies.Launcher;

// Without arguments this program is the launcher; it starts itself once for each app with --app acme/shop.
return args is ["--app", var app]
    ? await AppHost.RunAsync(Company.FindApp(app))
    : await Launch.RunAsync(args);
