using Distiller.Databases.Tests.Reference;
using Distiller.Databases.Tests.SqlKata;
using Distiller.SqlKataInterop;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Statements lowered to SqlKata's words, without the package.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public Task Statements_lowered_for_SqlKata_equal_the_reference_model_in_random_worlds() => AgreeLoweredAsync((statement, dialect, shape) =>
    {
        var (query, _) = Statements.Of(statement, dialect);
        var lowering = new Lowering(dialect);
        return SqlKataRules.Of(shape == SqlKataShape.CteText ? lowering.CteText(query!) : lowering.Structured(query!), dialect);
    });

    private async Task AgreeLoweredAsync(CompileStatement compile)
    {
        var worlds = Math.Max(4, Setting("DISTILLER_WORLDS", 100) / 5);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        var (compared, refused) = (0, 0);
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                var run = new LoweredRun(World.Create(seed, Options()), engine, database, compile);
                await run.RunAsync();
                compared += run.Compared;
                refused += run.Refused;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} queries of {worlds} worlds compared, {refused} refused for a '?'");
        Assert.True(compared > 2 * refused && compared >= worlds, $"{compared} queries were compared, {refused} refused");
    }
}
