using System.Data.Common;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>I2: a value is safe as a literal and as a parameter, and comes back as it went in.</summary>
public sealed class ValuesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly FeatureSet Set = Entity.Create("e").Key<string>("k").FeatureSet("s").Feature<string>("f");

    public static TheoryData<string> Dialects => [.. GoldenDatabase.Dialects.Select(dialect => dialect.Name)];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_hostile_value_is_only_a_value(string dialectName)
    {
        var dialect = SqlDialect.All.Single(dialect => dialect.Name == dialectName);
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = GoldenDatabase.Open(dialect);
        var store = new FeatureStore(connection);
        NamesTests.Execute(connection, "CREATE TABLE people (id INTEGER)");
        await store.CreateTablesAsync([Set], cancellation);

        // As parameters, or through a driver's loader: the values are keys and features.
        var published = await store.PublishAsync(Set, HostileNames.Values.Select(value => new { k = value, feature_timestamp = Noon, f = value }), cancellationToken: cancellation);
        Assert.Equal(HostileNames.Values.Count, published.LatestInserted);
        Assert.Equal(HostileNames.Values.Order(StringComparer.Ordinal), (await store.QueryAsync<Row>(Latest.Of(Set), cancellation)).Where(row => row.k == row.f).Select(row => row.k).Order(StringComparer.Ordinal));

        // As literals: pasted, each finds its own row, and nothing else happens.
        var spine = HostileNames.Values.Select(value => new { k = value, event_timestamp = Noon, note = value }).ToArray();
        var found = Read(connection, Spine.Rows(spine).Join(Set).ToSql(dialect));
        Assert.Equal(HostileNames.Values.Select(value => (value, value, value)).Order(), found.Order());
        NamesTests.Execute(connection, "SELECT * FROM people");

        // As parameters of a running store, and as the keys of a batch to score.
        Assert.Equal(HostileNames.Values.Count, (await store.QueryAsync<Row>(Spine.Rows(spine).Join(Set, prefix: "p"), cancellation)).Count(row => row.k == row.p__f));
        Assert.Equal(HostileNames.Values.Count, (await store.LatestAsync<Row>(Set, Spine.Rows(spine.Select(row => new Keyed(row.k))), cancellationToken: cancellation)).Count);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_value_the_engine_cannot_hold_is_refused_naming_row_and_column(string dialectName)
    {
        var dialect = SqlDialect.All.Single(dialect => dialect.Name == dialectName);
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = GoldenDatabase.Open(dialect);
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([Set], cancellation);

        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => store.PublishAsync(
            Set, new[] { new { k = "a", feature_timestamp = Noon, f = "fine" }, new { k = "b", feature_timestamp = Noon, f = "a\0b" } }, cancellationToken: cancellation));

        Assert.Contains("row 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'f'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await store.QueryAsync<Row>(Latest.Of(Set), cancellation));
        Assert.ThrowsAny<Exception>(() => Spine.Rows(new[] { new { k = "a\0b", event_timestamp = Noon } }).Join(Set).ToSql(dialect));
    }

    /// <summary>Every type, least and greatest, as a literal and back.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_literal_of_every_type_comes_back_as_it_went_in(string dialectName)
    {
        var dialect = SqlDialect.All.Single(dialect => dialect.Name == dialectName);
        var rows = new[]
        {
            new Every("k", Noon, true, int.MaxValue, long.MaxValue, float.MaxValue, double.MaxValue, 123456789012345678.0123456789m, "it's \\ \"so\"", [0, 255], new(9999, 12, 31), new(9999, 12, 31, 23, 59, 59, 999, 999, DateTimeKind.Utc), Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), [1, -2.5f, float.Epsilon]),
            new Every("k", Noon, false, int.MinValue, long.MinValue, float.Epsilon, double.Epsilon, -0.0000000001m, "", [], new(1, 1, 1), new(1, 1, 1, 0, 0, 0, 0, 1, DateTimeKind.Utc), Guid.Empty, []),
            new Every("k", Noon, null, null, null, float.NegativeInfinity, double.PositiveInfinity, null, null, null, null, new DateTime(1969, 12, 31, 23, 59, 59, 999, 999, DateTimeKind.Utc), null, null),
            new Every("k", Noon, null, 0, 0, 0.1f, 0.1, 79228162514264.3375935439m, "1", [39, 92], new(1969, 12, 31), null, null, [float.NaN]),
        };
        await using var connection = GoldenDatabase.Open(dialect);
        await new FeatureStore(connection).CreateTablesAsync([Set], TestContext.Current.CancellationToken);
        var training = Spine.Rows(rows).Join(Set, prefix: "p");

        // The declared types come from the store; the pasted text is read through the same typed reader.
        var steps = training.Build(new(dialect, SqlStyle.Literals)).Steps;
        NamesTests.Execute(connection, steps[0].Text);
        NamesTests.Execute(connection, steps[1].Literals!);
        var columns = ResultColumns.Of(training);
        await using var command = connection.CreateCommand();
        command.CommandText = steps[2].Text;
        await using var reader = new TypedReader(await command.ExecuteReaderAsync(TestContext.Current.CancellationToken), columns, () => Task.CompletedTask);
        var read = RowMapper.For<Every>(reader);
        var found = new List<Every>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            found.Add(read(reader));
        }

        Assert.Equivalent(rows, found, strict: true);
    }

    /// <summary>Values that Compile carries are parameters, typed, and never part of the text.</summary>
    [Fact]
    public void A_compiled_statement_holds_its_values_beside_the_text()
    {
        var cutoff = new DateTimeOffset(2026, 3, 2, 10, 30, 0, 123, 456, TimeSpan.FromHours(2));
        var set = Set.MaxAge(TimeSpan.FromHours(1));
        foreach (var dialect in SqlDialect.All)
        {
            foreach (var statement in new Statement[] { Spine.From("t").Join(Set).KnownAt(cutoff), Latest.Of(set).At(cutoff), Unload.Of(Set, cutoff, TimeSpan.Zero), Publish.From(Set, "t").CreatedAt(cutoff) })
            {
                var steps = statement.Compile(dialect).Steps;
                var parameter = Assert.Single(steps.SelectMany(step => step.Parameters).Where(parameter => !parameter.IsClock).Distinct());

                Assert.Equal(cutoff.UtcDateTime, Assert.IsType<DateTime>(parameter.Value));
                Assert.Equal("timestamp", parameter.Type);
                Assert.All(steps, step => Assert.DoesNotContain("2026", step.Text, StringComparison.Ordinal));
                Assert.All(steps, step => Assert.All(step.Parameters, one => Assert.Contains(one.Name, step.Text, StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public void A_text_in_PostgreSQL_is_safe_whatever_backslashes_mean_there()
    {
        var set = Entity.Create("e").Key<string>("k\\").FeatureSet("s").Feature<string>("f");

        var sql = Publish.From(set, "t").ToSql(SqlDialect.PostgreSql);

        Assert.Contains(@"E'column ''k\\'' is NULL'", sql, StringComparison.Ordinal);
        Assert.DoesNotContain(@" 'column ''k\''", sql, StringComparison.Ordinal);
    }

    private static List<(string Key, string Note, string Feature)> Read(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<(string, string, string)>();
        do
        {
            while (reader.Read())
            {
                rows.Add((reader.GetString(0), reader.GetString(2), reader.GetString(3)));
            }
        }
        while (reader.NextResult());
        return rows;
    }

    internal sealed record Row
    {
        public string k { get; init; } = "";

        public string? f { get; init; }

        public string? p__f { get; init; }
    }

    internal sealed record Keyed(string k);

    internal sealed record Every(
        string k, DateTimeOffset event_timestamp, bool? flag, int? small, long? big, float? single, double? real, decimal? exact, string? words, byte[]? bytes, DateOnly? day, DateTime? instant, Guid? id, float[]? vector);
}
