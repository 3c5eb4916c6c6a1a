using System.Data.Common;

namespace Distiller;

/// <summary>
/// A database's SQL: how names, types, literals and instants are spelled, and which strategies it knows, best first. A dialect changes spellings, never meaning.
/// </summary>
public abstract class SqlDialect
{
    private protected SqlDialect(string name) => Name = name;

    /// <summary>SQLite 3.39 or later.</summary>
    public static SqlDialect Sqlite { get; } = new SqliteDialect();

    /// <summary>DuckDB 1.4 or later.</summary>
    public static SqlDialect DuckDb { get; } = new DuckDbDialect();

    /// <summary>PostgreSQL 14 or later.</summary>
    public static SqlDialect PostgreSql { get; } = new PostgreSqlDialect();

    /// <summary>Every dialect, in a fixed order.</summary>
    public static IReadOnlyList<SqlDialect> All { get; } = ValueList<SqlDialect>.Of([Sqlite, DuckDb, PostgreSql]);

    /// <summary>The dialect's name.</summary>
    public string Name { get; }

    internal abstract IReadOnlyList<AsOfStrategy> AsOfStrategies { get; }

    /// <summary>How the newest row of each key of a batch is found, best first; the last answers everything.</summary>
    internal virtual IReadOnlyList<NewestStrategy> NewestStrategies { get; } = ValueList<NewestStrategy>.Of([new LastThenRanked()]);

    /// <summary>How latest is brought up to date.</summary>
    internal virtual UpsertStrategy Upsert { get; } = new OnConflictUpsert();

    /// <summary>The catalog's questions, and what its answers mean.</summary>
    internal abstract Catalog Catalog { get; }

    /// <summary>Values as the text event tables keep them as.</summary>
    internal abstract TextValues TextValues { get; }

    internal virtual int? MaxNameBytes => null;

    /// <summary>Whether quoted names that differ in case name different columns.</summary>
    internal virtual bool NamesHaveCase => false;

    /// <summary>Whether a table's name may have three parts.</summary>
    internal virtual bool HasCatalogs => true;

    /// <summary>Columns every table of the engine has, so that none of these names can be given to another.</summary>
    internal virtual IReadOnlyList<string> SystemColumns => [];

    /// <summary>What the name of no table of the user's may begin with, without regard to case; null = anything goes.</summary>
    internal virtual string? ReservedTablePrefix => null;

    /// <summary>What makes the engine tell its plan of a statement.</summary>
    internal virtual string ExplainPrefix => "EXPLAIN ";

    /// <summary>How a result column of this provider type name keeps instants; null where it keeps none, or the name does not tell.</summary>
    internal abstract TimeKind? KindOf(string resultType);

    /// <summary>Whether a result column of this provider type name holds whole numbers.</summary>
    internal abstract bool IsInteger(string resultType);

    /// <summary>Whether owned history carries an enforced key; where it does not, a lock row guards publishing (B7).</summary>
    internal abstract bool EnforcesHistoryKey { get; }

    internal abstract bool HasSavepoints { get; }

    /// <summary>Whether a join with history is worth a range of created times: the engine hashes a whole table and does not narrow it by what the other side holds.</summary>
    internal virtual bool NarrowsJoins => false;

    /// <summary>Whether an aggregate passes over the rows it is not about before it reads a value of them.</summary>
    internal virtual bool FiltersAggregates => false;

    /// <summary>Whether rows are deleted by a join with another table, faster than by looking their keys up.</summary>
    internal virtual bool DeletesUsing => false;

    /// <summary>Whether it sorts keys faster in half their bytes, so that it pays to look whether they fit.</summary>
    internal virtual bool NarrowsKeys => false;

    /// <summary>The rows of one INSERT when a batch is loaded without a driver's fast path.</summary>
    internal virtual int RowsPerInsert => 1;

    /// <summary>Whether the catalog describes a column with this type as the declared one; a misfit is refused by the check.</summary>
    internal abstract bool Fits(StoredType type, string columnType);

    /// <summary>The feature type a column of this catalog type holds; null where none does.</summary>
    internal virtual FeatureType? TypeOf(string columnType) => TypeGuess.Of(this, columnType);

    internal abstract string TypeName(StoredType type);

    internal abstract void WriteMarker(SqlText text, string parameter);

    /// <summary>The parameter's name as the provider wants it.</summary>
    internal virtual string ParameterName(string parameter) => parameter;

    /// <summary>Gives a provider's parameter its value and type.</summary>
    internal abstract void Bind(DbParameter parameter, StoredType type, object? value);

    /// <summary>A literal of a value that is not NULL.</summary>
    internal abstract void WriteLiteral(SqlText text, StoredType type, object value);

    /// <summary>Why the engine cannot hold a value exactly, or null where it can (B6).</summary>
    internal virtual string? Refusal(StoredType type, object value) => null;

    internal abstract string ClockExpression { get; }

    internal abstract void WriteToMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand);

    internal abstract void WriteFromMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand);

    /// <summary>What stands around a text to make it the first 60 bits of its MD5 as a 64-bit number; null = the engine has no hash.</summary>
    internal virtual (string Before, string After)? RowHash => null;

    internal virtual void WriteHexOf(SqlWriter writer, Scalar operand)
    {
        writer.Text.Add("hex(");
        writer.Write(operand);
        writer.Text.Add(')');
    }

    /// <summary>Year and month of the value as a timestamp without zone, in UTC, which no session's zone moves.</summary>
    internal virtual void WriteMonth(SqlWriter writer, MonthOf month)
    {
        var plain = month.Kind is TimeKind.Timestamp or TimeKind.Date ? month.Operand : new FromMicroseconds(TimeKind.Timestamp, TimeMath.Microseconds(month.Kind, month.Operand));
        writer.Text.Add("CAST(EXTRACT(YEAR FROM ");
        writer.Write(plain);
        writer.Text.Add(") * 100 + EXTRACT(MONTH FROM ");
        writer.Write(plain);
        writer.Text.Add(") AS ").Add(TypeName(StoredType.Of(FeatureType.Int32))).Add(')');
    }

    internal virtual void WritePackedTimes(SqlWriter writer, PackedTimes packed) => throw Unsupported("event and created time packed into one number", "Pin another strategy.");

    internal virtual void WriteOrBeforeAll(SqlWriter writer, OrBeforeAll bound) => throw Unsupported("ASOF JOIN", "Pin another strategy.");

    internal virtual void WriteArgMax(SqlWriter writer, Scalar operand, Scalar by) => throw Unsupported("the argument of a maximum", "Pin another strategy.");

    /// <summary>Whether the engine adds an interval to its instant type, whatever the session's zone.</summary>
    internal virtual bool AddsIntervals => false;

    internal virtual void WriteAddMicroseconds(SqlWriter writer, AddMicroseconds add) => throw Unsupported("an interval added to an instant", "Keep the instant as a 64-bit count.");

    internal virtual void WriteTrimmedInstantText(SqlWriter writer, Scalar operand) => throw Unsupported("event times kept as text", "Declare the column's kind, or cast it in a view.");

    /// <summary>Whether a staged column of this type may hold values that do not fit it (B6).</summary>
    internal abstract bool ChecksFit(StoredType type);

    /// <summary>Whether a table's column of this type may hold another form than its type says, so that only the values tell (T4).</summary>
    internal virtual bool ChecksForm(StoredType type) => false;

    /// <summary>Whether appending in key order pays: where history has a key that the rows then meet in order.</summary>
    internal virtual bool SortsAppends => EnforcesHistoryKey;

    internal abstract void WriteMisfit(SqlWriter writer, Misfit misfit);

    internal virtual void WriteInForm(SqlWriter writer, InForm value) => writer.Write(value.Operand);

    internal virtual void WriteGreatest(SqlWriter writer, Scalar left, Scalar right)
    {
        writer.Text.Add("GREATEST(");
        writer.Write(left);
        writer.Text.Add(", ");
        writer.Write(right);
        writer.Text.Add(')');
    }

    internal virtual void WriteDivide(SqlWriter writer, Scalar left, Scalar right)
    {
        writer.WriteOperand(left);
        writer.Text.Add(" / ");
        writer.WriteOperand(right);
    }

    internal virtual void WriteTextOf(SqlWriter writer, Scalar operand)
    {
        writer.Text.Add("CAST(");
        writer.Write(operand);
        writer.Text.Add(" AS text)");
    }

    /// <summary>What makes the engine evaluate a query as it stands.</summary>
    internal abstract string Fence { get; }

    /// <summary>The row id's name that none of the columns hides, or null.</summary>
    internal abstract string? RowIdName(IEnumerable<string> columns);

    /// <summary>The statements that let one publisher at a time write the sets whose history tables are named, run first in the transaction.</summary>
    internal abstract IEnumerable<SqlStatement> PublishLocks(IReadOnlyList<FeatureSet> sets);

    /// <summary>What must exist before <see cref="PublishLocks"/>, run outside the transaction where the store has opened it.</summary>
    internal virtual IEnumerable<SqlStatement> PublishLockTables(IReadOnlyList<FeatureSet> sets) => [];

    internal abstract string Begin { get; }

    /// <summary>Whether a column can be added as NOT NULL, with a default for the rows there are.</summary>
    internal virtual bool AddsNotNull => true;

    /// <summary>Whether tables and columns carry comments, by COMMENT ON.</summary>
    internal virtual bool HasComments => true;

    internal virtual string TemporarySchema => "";

    /// <summary>Whether a failure may pass when the transaction is run again.</summary>
    internal abstract bool IsTransient(DbException failure);

    /// <summary>An identifier, quoted; refused where the dialect would cut or lose it (I1).</summary>
    internal void WriteName(SqlText text, string name)
    {
        if (MaxNameBytes is { } max && name.Length > max / 4 && System.Text.Encoding.UTF8.GetByteCount(name) > max)
        {
            throw Unsupported($"the name '{Names.Printable(name)}' is {System.Text.Encoding.UTF8.GetByteCount(name)} bytes long and names end at {max}", "Choose a shorter name; for an output column give the join a shorter one with prefix: \"...\".");
        }

        if (NameRefusal(name) is { } refusal)
        {
            throw Unsupported($"the name '{name}', because {refusal}", "Choose another name.");
        }

        text.AddQuoted(name, '"');
    }

    /// <summary>Why a name does not work in this dialect even between quotes; null = it does.</summary>
    internal virtual string? NameRefusal(string name) => null;

    internal UnsupportedByDialectException Unsupported(string need, string wayOut) => new(this, need, wayOut);

    /// <summary>The dialect's name.</summary>
    public override string ToString() => Name;
}
