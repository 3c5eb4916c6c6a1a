namespace Distiller.SqlKataInterop;

/// <summary>A query that came with bindings, as text that stands alone: a spine's text takes no parameters.</summary>
internal static class BoundText
{
    /// <summary>Puts each binding as a literal where its question mark is; one behind a backslash is none.</summary>
    /// <exception cref="NotSupportedException">A binding is of a type without a literal.</exception>
    /// <exception cref="ArgumentException">There are fewer bindings than places, or more.</exception>
    public static string Of(string sql, IReadOnlyList<object?> bindings, SqlDialect dialect)
    {
        var text = new SqlText(SqlStyle.Literals);
        var start = 0;
        var used = 0;
        for (var i = 0; i < sql.Length; i++)
        {
            if (sql[i] != '?' || (i > 0 && sql[i - 1] == '\\'))
            {
                continue;
            }

            text.Add(sql[start..i]);
            start = i + 1;
            if (used < bindings.Count)
            {
                Write(text, bindings[used], used, dialect);
            }

            used++;
        }

        return used == bindings.Count
            ? text.Add(sql[start..]).ToString()
            : throw new ArgumentException(FormattableString.Invariant($"The SqlKata query has {used} places for {bindings.Count} bindings: a '?' in a name or a text counts as a place. Rename it, or bind the text."), nameof(bindings));
    }

    private static void Write(SqlText text, object? value, int position, SqlDialect dialect)
    {
        if (value is null or DBNull)
        {
            text.Add("NULL");
            return;
        }

        var (type, plain) = Typed(value) ?? throw new NotSupportedException(FormattableString.Invariant(
            $"Binding {position + 1} of the SqlKata query is a {value.GetType().Name}, which has no literal in {dialect.Name}; give a bool, number, text, instant, date, uuid or bytes."));
        if (dialect.Refusal(type, plain) is { } reason)
        {
            throw new NotSupportedException(FormattableString.Invariant($"Binding {position + 1} of the SqlKata query has no literal in {dialect.Name}: {reason}."));
        }

        dialect.WriteLiteral(text, type, plain);
    }

    /// <summary>What a .NET value is to a dialect. Instants are UTC; one of unspecified kind is taken as UTC (T1).</summary>
    private static (StoredType Type, object Value)? Typed(object value) => value switch
    {
        bool => (StoredType.Of(FeatureType.Bool), value),
        sbyte or byte or short or ushort or int or uint or long => (StoredType.Of(FeatureType.Int64), Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        float => (StoredType.Of(FeatureType.Float32), value),
        double => (StoredType.Of(FeatureType.Float64), value),
        decimal number when number.Scale <= 27 => (StoredType.Of(FeatureType.Decimal(28, number.Scale)), value),
        string => (StoredType.Of(FeatureType.String), value),
        byte[] => (StoredType.Of(FeatureType.Bytes), value),
        Guid => (StoredType.Of(FeatureType.Guid), value),
        DateOnly => (StoredType.Of(FeatureType.Date), value),
        DateTimeOffset instant => (StoredType.Instant, Instants.Floor(instant).UtcDateTime),
        DateTime { Kind: DateTimeKind.Local } local => (StoredType.Instant, Instants.Floor(new DateTimeOffset(local)).UtcDateTime),
        DateTime utc => (StoredType.Instant, Instants.Floor(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc))).UtcDateTime),
        _ => null,
    };
}
