namespace Distiller.Tests.Model;

public sealed class SpineTests
{
    [Fact]
    public void A_spine_is_a_table_a_query_or_rows()
    {
        Assert.Equal("t", Spine.From("t").Table!.Name);
        Assert.Equal("SELECT 1", Spine.Query(" SELECT 1 ;\n ").QueryText);
        Assert.Equal(["Id", "At"], Spine.Rows(new[] { new { Id = 1, At = DateTime.UnixEpoch } }).ColumnNames);
        Assert.Empty(Spine.From("t").ColumnNames);
        Assert.Equal(new("event_timestamp", TimeKind.Instant), Spine.From("t").InstantColumn);
    }

    [Fact]
    public void A_column_is_declared_once_without_regard_to_case()
    {
        Throws.Argument(() => Spine.From("t").Columns("a", "A"), "declares the column 'A' twice", "without case");
        Throws.Argument(() => Spine.From("t").Columns("a", ""), "A spine column is empty");
        Throws.Argument(() => Spine.From("t").At(""), "The spine's instant column is empty");
    }

    [Fact]
    public void Rows_have_the_columns_their_type_has()
    {
        var rows = new[] { new { id = 1, at = DateTime.UnixEpoch } };

        Throws.Argument(() => Spine.Rows(rows).Columns("id", "label"), "no column 'label'", "they have id, at");
        Throws.Argument(() => Spine.Rows(new[] { new { id = new object() } }), "id", "No feature type holds Object", "[NotMapped]");
        Assert.Equal(["at"], Spine.Rows(rows).Columns("at").ColumnNames);
    }

    [Fact]
    public void Nothing_given_is_an_error()
    {
        Assert.Throws<ArgumentNullException>(() => Spine.From(null!));
        Assert.Throws<ArgumentNullException>(() => Spine.Query(null!));
        Assert.Throws<ArgumentException>(() => Spine.Query(" "));
        Assert.Throws<ArgumentNullException>(() => Spine.Rows<string>(null!));
        Assert.Throws<ArgumentNullException>(() => Spine.From("t").At(null!));
        Assert.Throws<ArgumentNullException>(() => Spine.From("t").Columns(null!));
    }

    [Fact]
    public void A_call_changes_a_copy_and_equal_spines_are_equal()
    {
        var before = Spine.From("t");
        var after = before.At("seq", TimeKind.Ordinal).Columns("k", "seq");

        Assert.Equal(Spine.From("t"), before);
        Assert.Equal(Spine.From("t").At("seq", TimeKind.Ordinal).Columns("k", "seq"), after);
        Assert.NotEqual(after, after.Columns("seq", "k"));
        Assert.NotEqual(Spine.From("t"), Spine.Query("t"));
    }
}
