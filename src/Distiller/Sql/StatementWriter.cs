namespace Distiller;

/// <summary>Turns one statement of the tree into a step of a script.</summary>
internal static class StatementWriter
{
    public static CompiledStep Step(PlanScope context, string purpose, SqlStatement statement, StepRole role = StepRole.Run)
    {
        var text = new SqlText(context.Style);
        Write(new SqlWriter(context.Dialect, text), context.Dialect, statement);
        return new(purpose, text.ToString(), text.Parameters) { Role = role, Tree = statement };
    }

    /// <summary>Where a transaction begins or ends, for people: a store has its own.</summary>
    public static CompiledStep Mark(string text, string purpose) => new(purpose, text, []) { Role = StepRole.Transaction };

    private static void Write(SqlWriter writer, SqlDialect dialect, SqlStatement statement)
    {
        var text = writer.Text;
        switch (statement)
        {
            case QueryStatement query:
                writer.Write(query.Query);
                break;
            case RawStatementOn raw:
                text.Add(raw.Before);
                writer.WriteTable(raw.Table);
                text.Add(raw.After);
                break;
            case CreateTable create:
                WriteCreate(writer, dialect, create);
                break;
            case CreateTableAs create:
                text.Add(create.IsTemporary ? "CREATE TEMP TABLE " : "CREATE TABLE ");
                WriteNewTable(writer, dialect, create.Name, create.IsTemporary);
                text.Add(" AS").Line();
                writer.Write(create.Query);
                break;
            case AddColumn add:
                text.Add("ALTER TABLE ");
                writer.WriteTable(add.Table);
                text.Add(" ADD COLUMN ");
                writer.Name(add.Column.Name);
                text.Add(' ').Add(dialect.TypeName(add.Column.Type)).Add(add.Column.NotNull && dialect.AddsNotNull ? " NOT NULL" : "");
                if (add.Default is { } value)
                {
                    text.Add(" DEFAULT ");
                    writer.Write(value);
                }

                break;
            case CreateView create:
                text.Add("CREATE VIEW ");
                WriteNewTable(writer, dialect, create.Name, isTemporary: false);
                text.Add(" AS").Line();
                writer.Write(create.Query);
                break;
            case DropView drop:
                text.Add("DROP VIEW IF EXISTS ");
                writer.WriteTable(drop.Name);
                break;
            case CreateIndex index:
                text.Add("CREATE INDEX IF NOT EXISTS ");
                writer.Name(index.Name);
                text.Add(" ON ");
                writer.WriteTable(index.Table);
                WriteColumns(writer, index.Columns);
                break;
            case DropTable drop:
                text.Add(drop.IfExists ? "DROP TABLE IF EXISTS " : "DROP TABLE ");
                writer.WriteTable(drop.Name, drop.IsTemporary);
                break;
            case Insert insert:
                WriteInsert(writer, insert);
                break;
            case Merge merge:
                WriteMerge(writer, merge);
                break;
            case Delete delete:
                text.Add("DELETE FROM ");
                writer.WriteTable(delete.Table, delete.IsTemporary);
                text.Add(" AS ");
                writer.Name(delete.Alias);
                if (delete.Using is { } other)
                {
                    text.Line().Add("USING ");
                    writer.Write(other);
                }

                if (delete.Where is { } where)
                {
                    text.Line().Add("WHERE ");
                    writer.WriteCondition(where);
                }

                break;
            case Update update:
                text.Add("UPDATE ");
                writer.WriteTable(update.Table);
                text.Line().Add("SET ");
                for (var i = 0; i < update.Set.Count; i++)
                {
                    text.Add(i > 0 ? ", " : "");
                    writer.Name(update.Set[i].Column);
                    text.Add(" = ");
                    writer.Write(update.Set[i].Content);
                }

                if (update.Where is { } condition)
                {
                    text.Line().Add("WHERE ");
                    writer.WriteCondition(condition);
                }

                break;
            case CommentOn comment:
                text.Add(comment.Column is null ? "COMMENT ON TABLE " : "COMMENT ON COLUMN ");
                writer.WriteTable(comment.Table);
                if (comment.Column is { } column)
                {
                    text.Add('.');
                    writer.Name(column);
                }

                text.Add(" IS ");
                writer.Write(new Text(comment.Words));
                break;
            default:
                throw new NotSupportedException(statement.GetType().Name);
        }
    }

    private static void WriteCreate(SqlWriter writer, SqlDialect dialect, CreateTable create)
    {
        var text = writer.Text;
        text.Add(create.IsTemporary ? "CREATE TEMP TABLE " : "CREATE TABLE ").Add(create.IfNotExists ? "IF NOT EXISTS " : "");
        WriteNewTable(writer, dialect, create.Name, create.IsTemporary);
        text.Add(" (");
        text.In();
        for (var i = 0; i < create.Columns.Count; i++)
        {
            var column = create.Columns[i];
            if (dialect.SystemColumns.Contains(column.Name))
            {
                throw dialect.Unsupported($"a column named '{column.Name}', as in '{create.Name}', because every table has a system column of that name", "Choose another name.");
            }

            text.Add(i > 0 ? "," : "").Line();
            writer.Name(column.Name);
            text.Add(' ').Add(dialect.TypeName(column.Type)).Add(column.NotNull ? " NOT NULL" : "");
        }

        if (create.PrimaryKey.Count > 0)
        {
            text.Add(',').Line().Add("PRIMARY KEY");
            WriteColumns(writer, create.PrimaryKey);
        }

        text.Out();
        text.Line().Add(')');
    }

    private static void WriteNewTable(SqlWriter writer, SqlDialect dialect, TableName table, bool isTemporary)
    {
        if (dialect.ReservedTablePrefix is { } reserved && table.Name.StartsWith(reserved, StringComparison.OrdinalIgnoreCase))
        {
            throw dialect.Unsupported($"a table named '{table}', because names that begin with {reserved} are the engine's own", "Choose another name.");
        }

        if (isTemporary)
        {
            writer.Name(table.Name);
        }
        else
        {
            writer.WriteTable(table);
        }
    }

    private static void WriteInsert(SqlWriter writer, Insert insert)
    {
        var text = writer.Text;
        text.Add("INSERT INTO ");
        writer.WriteTable(insert.Table, insert.IsTemporary);
        if (insert.Conflict is { Guard: not null })
        {
            text.Add(" AS ");
            writer.Name(OnConflict.Stored);
        }

        WriteColumns(writer, insert.Columns);
        text.Line();
        writer.Write(insert.Query);
        if (insert.Conflict is not { } conflict)
        {
            return;
        }

        text.Line().Add("ON CONFLICT");
        WriteColumns(writer, conflict.Key);
        if (conflict.Columns.Count == 0)
        {
            text.Add(" DO NOTHING");
            return;
        }

        text.Add(" DO UPDATE SET");
        text.In();
        for (var i = 0; i < conflict.Columns.Count; i++)
        {
            text.Add(i > 0 ? "," : "").Line();
            writer.Name(conflict.Columns[i]);
            text.Add(" = ");
            writer.Write(new ColumnRef(OnConflict.Incoming, conflict.Columns[i]));
        }

        text.Out();
        if (conflict.Guard is { } guard)
        {
            text.Line().Add("WHERE ");
            writer.WriteCondition(guard);
        }
    }

    private static void WriteMerge(SqlWriter writer, Merge merge)
    {
        var text = writer.Text;
        text.Add("MERGE INTO ");
        writer.WriteTable(merge.Table);
        text.Add(" AS ");
        writer.Name(merge.Stored);
        text.Line().Add("USING ");
        writer.Write(merge.Rows);
        text.In();
        text.Line().Add("ON ");
        writer.WriteCondition(merge.On);
        text.Out();
        text.Line().Add("WHEN MATCHED AND (");
        writer.WriteCondition(merge.Guard);
        text.Add(") THEN UPDATE SET");
        text.In();
        for (var i = 0; i < merge.Updated.Count; i++)
        {
            text.Add(i > 0 ? "," : "").Line();
            writer.Name(merge.Updated[i]);
            text.Add(" = ");
            writer.Write(new ColumnRef(merge.Incoming, merge.Updated[i]));
        }

        text.Out();
        text.Line().Add("WHEN NOT MATCHED THEN INSERT");
        WriteColumns(writer, merge.Inserted);
        text.Add(" VALUES (");
        writer.WriteList([.. merge.Inserted.Select(column => new ColumnRef(merge.Incoming, column))]);
        text.Add(')');
    }

    private static void WriteColumns(SqlWriter writer, IReadOnlyList<string> columns)
    {
        writer.Text.Add(" (");
        for (var i = 0; i < columns.Count; i++)
        {
            writer.Text.Add(i > 0 ? ", " : "");
            writer.Name(columns[i]);
        }

        writer.Text.Add(')');
    }
}
