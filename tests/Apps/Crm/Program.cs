using Apps.Crm;
using Apps.Kit;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

await TestApp.RunAsync(args, (services, command) => command switch
{
    // A job of plain Hangfire, which only this assembly can load.
    { Name: "plain" } => services.GetRequiredService<IBackgroundJobClient>().Create(
        Job.FromExpression(() => PlainJob.Fail(), "crm"), new EnqueuedState("crm")),
    { Job: nameof(CrmExclusive) } => OwnCommands.Execute<CrmExclusive>(services, command),
    { Job: nameof(CrmSteps) } => EnqueuedTag.With(command.Order?.Tag, () => OwnCommands.Execute<CrmSteps>(services, command)),
    { Job: nameof(CrmBooking) } => OwnCommands.Execute<CrmBooking>(services, command),
    { Job: nameof(CrmOtherExclusive) } => OwnCommands.Execute<CrmOtherExclusive>(services, command),
    _ => OwnCommands.Execute<CrmWork>(services, command),
}, static jobs => jobs.AddContextPropagator<EnqueuedTag>());
