namespace Asdamir.Data.Storage.Sql;

/// <summary>Checks settings; every error names the setting, its value and the fix.</summary>
internal static class Settings
{
    public static void CheckRange<T>(string name, T value, T lowest, T highest) where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
            throw Invalid(name, value, "is out of range", $"use a value from {lowest} to {highest}");
    }

    public static ArgumentException Invalid(string name, object? value, string fault, string fix) =>
        new($"{name} = '{value}' {fault}. Fix: {fix}.", name);
}
