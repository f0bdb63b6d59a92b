using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;

namespace Asdamir.Data.Tests.StoredJobs;

public sealed class JobEnvelopeTests
{
    [Fact]
    public void ExecuteAsync_KeepsItsFrozenSignature_WhateverChangesAroundIt()
    {
        var method = Assert.Single(
            typeof(JobEnvelope).GetMethods(), method => method.DeclaringType == typeof(JobEnvelope) && !method.IsStatic);

        Assert.Equal("Asdamir.Data.HangfireJobs.JobEnvelope", typeof(JobEnvelope).FullName);
        Assert.Equal("ExecuteAsync", method.Name);
        Assert.Equal(
            [typeof(string), typeof(string), typeof(PerformContext), typeof(CancellationToken)],
            method.GetParameters().Select(parameter => parameter.ParameterType));
    }

    [Fact]
    public void TryUnwrap_GivesWhatWasWrapped_ForAnEnvelope()
    {
        var job = JobEnvelope.Wrap("mail", """{"v":1}""", "crm");

        Assert.True(JobEnvelope.TryUnwrap(job, out var name, out var payload));
        Assert.Equal(("mail", """{"v":1}""", "crm"), (name, payload, job.Queue));
    }

    [Fact]
    public void TryUnwrap_ReturnsFalse_ForAnyOtherJob()
    {
        Assert.False(JobEnvelope.TryUnwrap(Job.FromExpression(() => Console.WriteLine("x")), out _, out _));
        Assert.False(JobEnvelope.TryUnwrap(null, out _, out _));
    }
}
