using System.Data.Common;
using Distiller;
using Quickstart;

var command = Options.Command((options, cancellationToken) => new Job(options, Screen.ForConsole()).RunAsync(cancellationToken));
var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    return Failed(parsed.Errors[0].Message + " See --help.");
}

try
{
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    return Failed("Cancelled.");
}
catch (Exception failure) when (failure is UserMistakeException or RowRefusedException or TableMismatchException or StatementFailedException or DbException)
{
    return Failed(failure.Message);
}

static int Failed(string message)
{
    Console.Error.WriteLine("quickstart: " + message.ReplaceLineEndings(" "));
    return 1;
}
