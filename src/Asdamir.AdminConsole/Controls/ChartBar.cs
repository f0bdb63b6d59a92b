namespace Asdamir.AdminConsole.Controls;

/// <summary>A bar of a chart.</summary>
/// <param name="Title">What it stands for, in words.</param>
/// <param name="Link">The jobs behind it.</param>
public sealed record ChartBar(DateTime At, long Value, string Title, string Link);
