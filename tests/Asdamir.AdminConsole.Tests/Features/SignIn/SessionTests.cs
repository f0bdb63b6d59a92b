using System.Net;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>How long somebody stays signed in.</summary>
public sealed class SessionTests : OneCompany
{
    protected override bool IsTimeFake => true;

    [Fact]
    public async Task Session_EndsAfterItsLifetime_WhateverIsDoneInIt()
    {
        var ada = await OperatorAsync();
        for (var hour = 1; hour < 8; hour++)
        {
            Time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/companies")).Status);
        }

        Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/companies")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ada.GetAsync("/acme/live/overview", ("Sec-Fetch-Dest", "empty"))).Status);
    }

    [Fact]
    public async Task Session_EndsWithThePasswordItBeganWith()
    {
        var ada = await OperatorAsync();

        Site.Accounts.ResetPassword("ada");

        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task Session_EndsWithItsAccount_AlsoWhenThereIsANewOneOfThatName()
    {
        var ada = await OperatorAsync();

        Site.Accounts.Remove("ada");
        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/acme")).Status);

        ada = await OperatorAsync();
        Site.Accounts.Remove("ada");
        Site.Accounts.Add("ada", ["operator:acme"]);
        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task ChangedGrants_ApplyToTheNextRequest()
    {
        var ada = await OperatorAsync();

        Site.Database.Execute("UPDATE account SET grants = 'viewer:acme' WHERE name = 'ada'");
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", $"{Acme.Fail()}|Failed"))).Status);

        Site.Database.Execute("UPDATE account SET grants = '' WHERE name = 'ada'");
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync("/acme")).Status);
    }

    [Fact]
    public async Task SignOut_EndsTheSessionAndIsAudited()
    {
        var ada = await OperatorAsync();

        var answer = await ada.SubmitAsync("/logout");

        Assert.Equal("/login?failed=out", answer.Location);
        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync("/acme")).Status);
        Assert.Equal(["SignOut", "SignIn"], Site.Audit("acme").Select(static entry => entry.Action));
    }

    [Fact]
    public async Task Sessions_SurviveARestart()
    {
        var ada = await OperatorAsync();
        var cookie = ada.Cookies.GetAllCookies().Single(static cookie => cookie.Name == "asdamir-console").Value;
        await Site.StopAsync();

        var again = ConsoleHost.Build([Acme.Settings], Site.Folder, new LogCapture(), time: Time);
        await using (again)
        {
            await again.StartAsync(TestContext.Current.CancellationToken);
            using var visitor = new Visitor(new Uri(again.Urls.First()));

            Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/acme", ("Cookie", $"asdamir-console={cookie}"))).Status);
        }
    }

    [Fact]
    public async Task SessionOfALocalAccount_Ends_WhenAProviderIsUsedInstead()
    {
        var ada = await OperatorAsync();
        var cookie = ada.Cookies.GetAllCookies().Single(static cookie => cookie.Name == "asdamir-console").Value;
        await Site.StopAsync();

        var again = ConsoleHost.Build([new(Acme.Settings) { ["Operators"] = "ops" }], Site.Folder, new LogCapture(), new()
        {
            ["SignIn:OpenIdConnect:Authority"] = "https://login.example", ["SignIn:OpenIdConnect:ClientId"] = "console",
        }, Time);
        await using (again)
        {
            await again.StartAsync(TestContext.Current.CancellationToken);
            using var visitor = new Visitor(new Uri(again.Urls.First()));

            Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/acme", ("Cookie", $"asdamir-console={cookie}"))).Status);
        }
    }
}
