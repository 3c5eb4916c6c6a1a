using System.IO.Compression;
using Npgsql;

namespace Distiller.Databases.Tests;

/// <summary>What the other tests need is there: the flights data, and the servers that were configured.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public void The_flights_data_is_copied_to_the_output()
    {
        var flights = Path.Combine(AppContext.BaseDirectory, "Flights");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(flights, "data", "flights.csv.gz")), CompressionMode.Decompress));
        var lines = reader.ReadToEnd().Count(character => character == '\n');

        Assert.Equal(27_004 + 1, lines);
        Assert.Equal(6, Directory.GetFiles(Path.Combine(flights, "data"), "*.csv.gz").Length);
        Assert.Equal(10, Directory.GetFiles(Path.Combine(flights, "expected"), "*.csv.gz").Length);
    }

    [Fact]
    public async Task PostgreSQL_answers_when_it_is_configured()
    {
        var connectionString = Environment.GetEnvironmentVariable("DISTILLER_POSTGRES");
        Assert.SkipWhen(
            string.IsNullOrEmpty(connectionString),
            "No PostgreSQL: export DISTILLER_POSTGRES=\"$(.ci/start-postgres /tmp/distiller-postgres 54329)\" starts one and names it.");

        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        Assert.True(connection.PostgreSqlVersion.Major >= 15);
    }
}
