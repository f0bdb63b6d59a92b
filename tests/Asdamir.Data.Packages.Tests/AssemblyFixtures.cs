[assembly: AssemblyFixture(typeof(Asdamir.Data.Packages.Tests.LocalFeed))]
[assembly: AssemblyFixture(typeof(SharedPostgres))]
