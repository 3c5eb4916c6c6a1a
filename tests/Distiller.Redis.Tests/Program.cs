using Distiller.Redis.Tests.Truth;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Distiller.Redis.Tests;

/// <summary>The runner's own entry point, and that of the processes which the truth test kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [TruthWorker.Argument, var role, var file, var address, var prefix, var journal, var seed])
        {
            await TruthWorker.RunAsync(role, file, address, prefix, journal, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));
            return 0;
        }

        return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
