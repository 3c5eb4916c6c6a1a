using System.Globalization;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

/// <summary>What every engine must do alike. Each engine has one class that names it; what is expected comes from the reference model, never from other SQL.</summary>
public abstract partial class DatabaseContract(Engine engine)
{
    private const int WorldsPerDatabase = 20;

    protected Engine Engine => engine;

    /// <summary>Random worlds; <c>DISTILLER_WORLDS</c> sets how many (an engine that is quick lives through several for each), <c>DISTILLER_SEED</c> the first seed.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_worlds_equal_the_reference_model(int part)
    {
        var worlds = Setting("DISTILLER_WORLDS", 100) * engine.WorldsForEach / 4;
        var seed = Setting("DISTILLER_SEED", 1) + (part * worlds);
        var last = seed + worlds;
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                await new WorldRun(World.Create(seed, Options()), engine, database).RunAsync();
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : otherwise;

    private WorldOptions Options() => new() { NotANumber = engine.HoldsNaN, TextTimes = engine.KeepsTimesAsText, ForbiddenNames = engine.ForbiddenNames };
}

public sealed class SqliteTests() : DatabaseContract(new SqliteEngine());

public sealed class DuckDbTests() : DatabaseContract(new DuckDbEngine());

public sealed class PostgreSqlTests() : DatabaseContract(new PostgreSqlEngine());
