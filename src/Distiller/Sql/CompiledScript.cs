namespace Distiller;

/// <summary>A typed parameter of a compiled step.</summary>
public sealed record CompiledParameter
{
    internal CompiledParameter(string name, StoredType stored, object? value, bool isClock = false)
    {
        Name = name;
        Stored = stored;
        Value = value;
        IsClock = isClock;
    }

    /// <summary>The parameter's name, without the dialect's marker.</summary>
    public string Name { get; }

    /// <summary>The value, as the declared type's .NET type; instants are DateTime of kind Utc. Null for NULL and for the clock.</summary>
    public object? Value { get; }

    /// <summary>Whether the value is the store's clock, filled once per call (I3).</summary>
    public bool IsClock { get; }

    /// <summary>The declared type, in words.</summary>
    public string Type => Stored.ToString();

    internal StoredType Stored { get; }
}

/// <summary>One column a load step fills.</summary>
/// <param name="Name">The column's name in the target table.</param>
/// <param name="Type">Its declared type, in words.</param>
public sealed record LoadColumn(string Name, string Type)
{
    internal StoredType Stored { get; init; }

    /// <summary>Whether a NULL is an error (B6).</summary>
    public bool NotNull { get; init; }
}

/// <summary>Rows in memory that go to a table before the next step.</summary>
/// <param name="Table">The table that is filled, a temporary one.</param>
/// <param name="Columns">The columns, in order.</param>
public sealed record LoadTarget(TableName Table, IReadOnlyList<LoadColumn> Columns);

/// <summary>One step of a script: a statement, or a load of rows in memory.</summary>
public sealed record CompiledStep
{
    internal CompiledStep(string purpose, string text, IReadOnlyList<CompiledParameter> parameters)
    {
        Purpose = purpose;
        Text = text;
        Parameters = parameters;
    }

    /// <summary>What the step is for, for people.</summary>
    public string Purpose { get; internal init; }

    /// <summary>The SQL, without a terminator; empty for a load.</summary>
    public string Text { get; }

    /// <summary>The typed parameters.</summary>
    public IReadOnlyList<CompiledParameter> Parameters { get; }

    /// <summary>The rows in memory this step loads, if it is a load.</summary>
    public LoadTarget? Load { get; internal init; }

    /// <summary>Whether the statement must be the only one of its batch.</summary>
    public bool AloneInBatch { get; internal init; }

    /// <summary>What ends the statement in a script for people.</summary>
    public string Terminator { get; internal init; } = ";";

    /// <summary>Whether the engine commits an open transaction before or after it.</summary>
    public bool CommitsImplicitly { get; internal init; }

    internal StepRole Role { get; init; }

    /// <summary>The feature set the step belongs to, for counts and errors.</summary>
    internal string? FeatureSet { get; init; }

    /// <summary>A count of the same set; the step is needed only where it is not zero, and harmless elsewhere.</summary>
    internal string? OnlyIf { get; init; }

    /// <summary>What a step of one count is kept as, where its column's name does not tell.</summary>
    internal string? CountName { get; init; }

    internal string? Literals { get; init; }

    /// <summary>What the text was written from; null for a load, or a mark.</summary>
    internal SqlStatement? Tree { get; init; }
}

/// <summary>What a store does with a step, and when.</summary>
internal enum StepRole
{
    /// <summary>Run it, within the transaction where there is one.</summary>
    Run,

    /// <summary>Its rows are the answer.</summary>
    Answer,

    /// <summary>Run it before the transaction.</summary>
    Prepare,

    /// <summary>Before the transaction: any row is a refusal.</summary>
    RefuseBefore,

    /// <summary>Before the transaction: one row of counts.</summary>
    CountBefore,

    /// <summary>Any row is a refusal.</summary>
    Refuse,

    /// <summary>One row of counts.</summary>
    Count,

    /// <summary>Its rows are told in the result.</summary>
    Tell,

    /// <summary>A transaction mark for people; a store has its own transaction.</summary>
    Transaction,

    /// <summary>Run it at the end, on every path.</summary>
    Clean,
}

/// <summary>A statement compiled for one dialect: ordered steps, and what is worth knowing of them.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record CompiledScript
{
    internal CompiledScript(SqlDialect dialect, IEnumerable<CompiledStep> steps, IEnumerable<string> comments, IEnumerable<string> notes)
    {
        Dialect = dialect;
        Steps = ValueList<CompiledStep>.Of(steps);
        Comments = ValueList<string>.Of(comments);
        Notes = ValueList<string>.Of(notes);
    }

    /// <summary>The dialect.</summary>
    public SqlDialect Dialect { get; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<CompiledStep> Steps { get; }

    /// <summary>What the statement is, which strategy answers and why.</summary>
    public IReadOnlyList<string> Comments { get; }

    /// <summary>What a careful reader should know: sets that cannot be cut at a knowledge instant, assumed kinds, ...</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The only step.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public CompiledStep Single => Steps.Count == 1
        ? Steps[0]
        : throw new InvalidOperationException($"The script has {Steps.Count} steps ({string.Join("; ", Steps.Select(step => step.Purpose))}); run them in order, or let a FeatureStore do it.");

    /// <summary>The script as SQL for people.</summary>
    public override string ToString() => ToSql();

    internal string ToSql()
    {
        var text = new SqlText(SqlStyle.Literals);
        foreach (var comment in Comments)
        {
            text.AddComment(comment);
        }

        foreach (var note in Notes)
        {
            text.AddComment("Note: " + note);
        }

        for (var i = 0; i < Steps.Count; i++)
        {
            var step = Steps[i];
            if (Steps.Count > 1)
            {
                text.Add(i > 0 || Comments.Count > 0 ? "\n" : "").AddComment(step.OnlyIf is { } count ? $"{step.Purpose} (needed only where '{count}' is not 0)" : step.Purpose);
            }

            if (step.Load is { } load)
            {
                text.AddComment($"load the rows into {load.Table}: {string.Join(", ", load.Columns.Select(column => $"{column.Name} {column.Type}"))}");
                text.Add(step.Literals is { } literals ? literals + ";\n" : "");
            }
            else
            {
                text.Add(step.Text).Add(step.Terminator).Add('\n');
            }
        }

        return text.ToString();
    }
}
