namespace Distiller.Tests.Model;

public sealed class TableNameTests
{
    [Fact]
    public void A_plain_string_is_one_identifier()
    {
        TableName table = "a.b";

        Assert.Equal((null, null, "a.b"), (table.Catalog, table.Schema, table.Name));
        Assert.NotEqual(TableName.Of("a", "b"), table);
        Assert.Contains("FROM \"a.b\" AS", Latest.Of(Entity.Create("e").Key<int>("k").FeatureSet("s").Feature<int>("f").Latest(table)).ToSql(SqlDialect.Sqlite), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_one_to_three_parts()
    {
        Assert.Equal("c.s.n", TableName.Of("c", "s", "n").ToString());
        Assert.Equal("s.n", TableName.Of("s", "n").ToString());
        Assert.Equal("n", TableName.Of("n").ToString());
        Assert.Equal(TableName.Of("c", "s", "n"), TableName.Of("c", "s", "n"));
        Assert.NotEqual(TableName.Of("c", "s", "n"), TableName.Of("c", "s", "N"));
    }

    [Fact]
    public void Each_part_is_a_name()
    {
        Throws.Argument(() => TableName.Of(""), "A table name is empty");
        Throws.Argument(() => TableName.Of(" ", "n"), "A schema name is empty");
        Throws.Argument(() => TableName.Of("", "s", "n"), "A catalog name is empty");
        Throws.Argument(() => TableName.Of("a\nb"), "A table name holds a control character");
        Assert.Throws<ArgumentNullException>(() => TableName.Of(null!));
    }

    [Fact]
    public void Three_parts_are_refused_where_an_engine_has_two()
    {
        var latest = Latest.Of(Entity.Create("e").Key<int>("k").FeatureSet("s").Feature<int>("f").Latest(TableName.Of("c", "s", "n")));

        Assert.Contains("\"c\".\"s\".\"n\"", latest.ToSql(SqlDialect.DuckDb), StringComparison.Ordinal);
        Assert.Equal("SQLite cannot do this: the three-part name 'c.s.n'. Name the attached database as the schema: TableName.Of(schema, name).", Assert.Throws<UnsupportedByDialectException>(() => latest.ToSql(SqlDialect.Sqlite)).Message);
    }
}
