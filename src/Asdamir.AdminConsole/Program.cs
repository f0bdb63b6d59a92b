using Asdamir.AdminConsole.Hosting;

return args is ["accounts", ..]
    ? AccountsCommand.Run(args[1..])
    : ConsoleApp.Run(args);
