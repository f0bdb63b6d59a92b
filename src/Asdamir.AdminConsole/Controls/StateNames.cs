namespace Asdamir.AdminConsole.Controls;

/// <summary>The names of states in the language of the page.</summary>
internal static class StateNames
{
    /// <returns>The name, or the state itself where a storage has states of other names.</returns>
    public static string Of(string state) => ControlsTexts.GetResourceString($"State{state}", state);
}
