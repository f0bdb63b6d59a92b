using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Database;
using Asdamir.AdminConsole.Features.SignIn;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>Manages local accounts from the command line of the machine the console runs on.</summary>
internal static class AccountsCommand
{
    private const string Usage = """
        accounts list
        accounts add <name> [--operator <company>|*]... [--viewer <company>|*]...
        accounts password <name>      gives a new password, unlocks, ends all sessions
        accounts remove <name>
        --DataFolder <folder>         the console's DataFolder, unless its configuration has it
        """;

    public static int Run(string[] args)
    {
        try
        {
            var (command, settings) = Split(args);
            var builder = ConsoleApp.NewBuilder(settings);
            var options = ConsoleOptionsReader.ReadForAccounts(builder.Configuration);
            var database = new ConsoleDatabase(Path.Combine(builder.Environment.ContentRootPath, options.DataFolder));
            return Run(command, new LocalAccounts(database, options.SignIn, TimeProvider.System), options, Console.Out);
        }
        catch (ConsoleMisconfiguredException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    internal static int Run(string[] args, LocalAccounts accounts, ConsoleOptions options, TextWriter output)
    {
        switch (args)
        {
            case ["list"]:
                foreach (var account in accounts.All())
                    output.WriteLine($"{account.Name}  {string.Join(' ', account.Grants)}");
                return 0;
            case ["add", var name, .. var rest] when IsName(name):
                if (GrantsOf(rest, options, output) is not { } grants)
                    return 1;
                return Tell(accounts.Add(name, grants), $"There is already an account '{name}'.", output);
            case ["password", var name]:
                return Tell(accounts.ResetPassword(name), $"There is no account '{name}'.", output);
            case ["remove", var name]:
                var removed = accounts.Remove(name);
                output.WriteLine(removed ? $"'{name}' is removed." : $"There is no account '{name}'.");
                return removed ? 0 : 1;
            default:
                output.WriteLine(Usage);
                return 1;
        }
    }

    private static (string[] Command, string[] Settings) Split(string[] args)
    {
        const string name = $"--{nameof(ConsoleOptions.DataFolder)}";
        var at = Array.FindIndex(
            args, static arg => arg.Split('=')[0].Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
            return (args, []);
        var end = Math.Min(at + (args[at].Contains('=', StringComparison.Ordinal) ? 1 : 2), args.Length);
        return ([.. args[..at], .. args[end..]], args[at..end]);
    }

    private static int Tell(string? password, string refusal, TextWriter output)
    {
        output.WriteLine(password is null ? refusal : $"Password (shown only now): {password}");
        return password is null ? 1 : 0;
    }

    // Without a configuration, any code may be one.
    private static bool IsCompany(string code, List<CompanyOptions> companies) =>
        companies.Count == 0 ? ConsoleOptionsReader.IsCode(code) : companies.Exists(company => company.Code == code);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && !name.Any(static letter => char.IsControl(letter) || char.IsWhiteSpace(letter));

    private static List<string>? GrantsOf(string[] args, ConsoleOptions options, TextWriter output)
    {
        List<string> grants = [];
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("--operator" or "--viewer") || i + 1 == args.Length)
            {
                output.WriteLine(Usage);
                return null;
            }
            if (args[i + 1] != "*" && !IsCompany(args[i + 1], options.Companies))
            {
                var codes = options.Companies.Count == 0
                    ? "a code such as acme"
                    : $"one of {string.Join(", ", options.Companies.Select(static company => company.Code))}";
                output.WriteLine($"There is no company '{args[i + 1]}'. Fix: use {codes}, or *.");
                return null;
            }
            grants.Add($"{args[i][2..]}:{args[i + 1]}");
        }
        return grants;
    }
}
