using System.Data.Common;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>I1: a name works in any role, from the table to the output column. One class per engine, so that they run side by side.</summary>
public abstract class NameRoundTrips
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly IReadOnlyList<string> All = [.. HostileNames.Short, .. HostileNames.Long];

    private readonly SqlDialect dialect;

    private protected NameRoundTrips(SqlDialect dialect) => this.dialect = dialect;

    /// <summary>By number, because not every runner prints or even finds a test with these names.</summary>
    public static TheoryData<int> Names => [.. Enumerable.Range(0, All.Count)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_works_in_every_role(int number)
    {
        await using var connection = GoldenDatabase.Open(dialect);
        foreach (var roles in NameRoles.With(All[number]))
        {
            await RoundTripAsync(connection, roles);
        }
    }

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private async Task RoundTripAsync(DbConnection connection, NameRoles roles)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var store = new FeatureStore(connection);
        var set = roles.Set();
        await store.CreateTablesAsync([set], cancellation);
        var rows = new[] { Row(roles, "k1", Noon, "old"), Row(roles, "k1", Noon.AddHours(1), roles.Key), Row(roles, "k2", Noon, "other") };
        Assert.Equal(3, (await store.PublishAsync(set, rows, cancellationToken: cancellation)).Appended);
        Assert.Equal(3, (await store.PublishAsync(set, rows, cancellationToken: cancellation)).AlreadyPresent);
        await Assert.ThrowsAsync<RowRefusedException>(() => store.PublishAsync(set, [Row(roles, "k1", Noon, "another")], cancellationToken: cancellation));

        NamesTests.Execute(connection, $"CREATE TABLE {Quote(roles.SpineTable)} ({Quote(roles.SpineKey)} VARCHAR, {Quote(roles.Instant)} {dialect.TypeName(StoredType.Instant)}, {Quote(roles.Label)} INTEGER)");
        NamesTests.Execute(connection, $"INSERT INTO {Quote(roles.SpineTable)} VALUES ('k1', '{Instant(Noon)}', 1), ('k1', '{Instant(Noon.AddDays(1))}', 2), (NULL, NULL, 3)");
        var spine = Spine.From(roles.SpineTable).At(roles.Instant);
        var keys = new Dictionary<string, string> { [roles.Key] = roles.SpineKey };
        var declared = spine.Columns(roles.SpineKey, roles.Instant, roles.Label).Join(set, prefix: roles.Prefix, keys: keys);
        string[] expected = ["k1|1|old", $"k1|2|{roles.Key}", "NULL|3|NULL"];
        var undeclared = spine.Join(set, prefix: roles.Prefix, keys: keys);
        foreach (var training in new[] { declared.OrderBy(roles.Label, $"{roles.Prefix}__{roles.Feature}"), declared.Using(AsOf.Union).KnownAtEvent().Strictly(), undeclared })
        {
            var strict = training.IsStrict ? new[] { "k1|1|NULL", expected[1], expected[2] } : expected;
            await using (var reader = await store.ReadAsync(training, cancellation))
            {
                Assert.Equal(strict, await ReadAsync(reader, roles));
            }

            Assert.Equal(strict, await ReadAsync(connection, training.ToSql(dialect), roles));
        }

        NamesTests.Execute(connection, declared.Into("made by " + roles.SpineTable).ToSql(dialect));
        Assert.Equal(expected, await ReadAsync(connection, $"SELECT * FROM {Quote("made by " + roles.SpineTable)}", roles));
        Assert.Equal(2, (await store.QueryAsync<dynamic>(Latest.Of(set), cancellation)).Count);
        NamesTests.Execute(connection, Publish.FromQuery(set, $"SELECT * FROM {string.Join('.', Parts(set.HistoryTable).Select(Quote))}").ToSql(dialect));
        NamesTests.Execute(connection, $"DROP TABLE {Quote(roles.SpineTable)}; DROP TABLE {Quote("made by " + roles.SpineTable)}");
        await store.DropTablesAsync([set], cancellation);
        await Assert.ThrowsAsync<TableMismatchException>(() => store.CheckAsync([set], cancellation));
    }

    private static IEnumerable<string> Parts(TableName table) => new[] { table.Schema, table.Name }.OfType<string>();

    private string Instant(DateTimeOffset instant) => Instants.Text(Instants.Microseconds(instant)) + (dialect == SqlDialect.Sqlite ? "" : "+00");

    private static Dictionary<string, object?> Row(NameRoles roles, string key, DateTimeOffset at, string value) =>
        new() { [roles.Key] = key, [roles.EventTime] = at, [roles.CreatedTime] = at, [roles.Feature] = value };

    private static async Task<IReadOnlyList<string>> ReadAsync(DbConnection connection, string sql, NameRoles roles)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return await ReadAsync(reader, roles);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(DbDataReader reader, NameRoles roles)
    {
        Assert.Equal([roles.SpineKey, roles.Instant, roles.Label, $"{roles.Prefix}__{roles.Feature}"], Enumerable.Range(0, reader.FieldCount).Select(reader.GetName));
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(string.Join('|', new[] { 0, 2, 3 }.Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetValue(i).ToString())));
        }

        return [.. rows.OrderBy(row => row.Split('|')[1], StringComparer.Ordinal)];
    }
}

public sealed class SqliteNameTests() : NameRoundTrips(SqlDialect.Sqlite);

public sealed class DuckDbNameTests() : NameRoundTrips(SqlDialect.DuckDb);
