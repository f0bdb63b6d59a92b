namespace TestIdentity;

internal sealed record User(string Name, string DisplayName, string[] Groups)
{
    public Dictionary<string, object> Claims => new()
    {
        ["sub"] = Name,
        ["name"] = DisplayName,
        ["email"] = $"{Name}@example.com",
        ["groups"] = Groups,
    };
}
