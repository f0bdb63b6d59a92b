[assembly: NeedsPostgreSql]
