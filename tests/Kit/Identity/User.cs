namespace Kit.Identity;

internal sealed record User(string Name, string DisplayName, string[] Groups)
{
    public Dictionary<string, object> Claims => new()
    {
        ["sub"] = Name,
        ["sid"] = $"session of {Name}",
        ["name"] = DisplayName,
        ["email"] = $"{Name}@example.com",
        ["groups"] = Groups,
    };
}
