using Microsoft.AspNetCore.Components;

namespace Asdamir.AdminConsole.Controls;

/// <summary>A component that is drawn once, when what it shows is there.</summary>
public abstract class LoadedComponent : ComponentBase
{
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await LoadAsync().ConfigureAwait(true);
        await base.SetParametersAsync(ParameterView.Empty).ConfigureAwait(true);
    }

    protected abstract Task LoadAsync();
}
