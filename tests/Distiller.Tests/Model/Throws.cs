namespace Distiller.Tests.Model;

/// <summary>A fluent call that errs throws there, and its message names what and the way out.</summary>
internal static class Throws
{
    public static void Argument(Func<object?> call, params string[] said) => Says(Assert.ThrowsAny<ArgumentException>(call), said);

    public static void Operation(Func<object?> call, params string[] said) => Says(Assert.Throws<InvalidOperationException>(call), said);

    private static void Says(Exception failure, string[] said) => Assert.All(said, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
}
