namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>A parameter of a live fragment that is more than a word or a time.</summary>
internal interface ILiveParameter
{
    /// <summary>Equal for values that look the same.</summary>
    string Key { get; }
}
