namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>What is sent to open pages.</summary>
/// <param name="Kind"><c>view</c>: a new picture, as HTML; <c>same</c>: nothing has changed; <c>stale</c>: the company's storage does not
/// answer.</param>
internal sealed record LiveUpdate(string Kind, string Html);
