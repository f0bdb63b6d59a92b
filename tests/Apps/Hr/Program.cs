using Apps.Hr;
using Apps.Kit;

await TestApp.RunAsync(args, OwnCommands.Execute<HrWork>);
