using Asdamir.Data.CommandLine;
using Asdamir.Data.CommandLine.Output;

return await Tool.RunAsync(args, Terminal.OfProcess(), ToolEnvironment.OfProcess(), CancellationToken.None).ConfigureAwait(false);
