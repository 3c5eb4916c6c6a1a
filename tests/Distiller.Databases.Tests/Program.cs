using Distiller.Databases.Tests.Killed;

namespace Distiller.Databases.Tests;

/// <summary>The tests, or one of the processes that they start and kill.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (DoomedPublisher.IsAsked)
        {
            await DoomedPublisher.PublishAsync();
            return 0;
        }

        return arguments.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments);
    }
}
