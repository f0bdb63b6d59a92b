namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>A notification for other processes.</summary>
/// <param name="Channel">Its channel, a name without quotes.</param>
/// <param name="Text">What it says beyond its channel; often nothing.</param>
internal readonly record struct Notification(string Channel, string Text);
