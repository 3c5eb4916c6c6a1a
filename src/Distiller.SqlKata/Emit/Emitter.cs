using SqlKata;

namespace Distiller.SqlKataInterop;

/// <summary>Passes a lowered query on to SqlKata, clause by clause; it decides nothing.</summary>
internal static class Emitter
{
    public static Query Query(LoweredInsert insert)
    {
        var query = From(new Query(), insert.Table);
        With(query, insert.Query);
        return query.AsInsert(insert.Columns, Query(insert.Query with { With = ValueList<LoweredCte>.Empty }));
    }

    public static Query Query(LoweredQuery lowered)
    {
        var query = new Query();
        With(query, lowered);
        if (lowered.Distinct)
        {
            query.Distinct();
        }

        foreach (var column in lowered.Columns)
        {
            _ = column is RawOutput { Text: var text } ? query.SelectRaw(text.Text, Bindings(text)) : query.Select(((NamedOutput)column).Name);
        }

        if (lowered.From is { } from)
        {
            From(query, from);
        }

        foreach (var join in lowered.Joins)
        {
            query.AddComponent("join", new BaseJoin { Join = Where(From(new Join().AsType(join.Kind), join.Source), join.On) });
        }

        Where(query, lowered.Where);
        foreach (var by in lowered.GroupBy)
        {
            _ = by is RawOutput { Text: var text } ? query.GroupByRaw(text.Text, Bindings(text)) : query.GroupBy(((NamedOutput)by).Name);
        }

        if (lowered.Having is { } having)
        {
            query.HavingRaw(having.Text, Bindings(having));
        }

        foreach (var order in lowered.OrderBy)
        {
            _ = order switch
            {
                TextOrder { Text: var text } => query.OrderByRaw(text.Text, Bindings(text)),
                PlainOrder { Descending: true } plain => query.OrderByDesc(plain.Column),
                PlainOrder plain => query.OrderBy(plain.Column),
                _ => throw new NotSupportedException(order.GetType().Name),
            };
        }

        if (lowered.Limit is { } limit)
        {
            query.Limit(limit);
        }

        return lowered.UnionAll is { } more ? query.UnionAll(Query(more)) : query;
    }

    private static void With(Query query, LoweredQuery lowered)
    {
        foreach (var table in lowered.With)
        {
            _ = table.Text is { } text ? query.WithRaw(table.Name, text.Text, Bindings(text)) : query.With(table.Name, Query(table.Query!));
        }
    }

    private static T From<T>(T query, LoweredSource source)
        where T : BaseQuery<T> => source switch
        {
            PlainSource plain => query.From(plain.Name),
            TextSource { Text: var text } => query.FromRaw(text.Text, Bindings(text)),
            QuerySource inner => query.From(Query(inner.Query), inner.Alias),
            _ => throw new NotSupportedException(source.GetType().Name),
        };

    private static T Where<T>(T query, IEnumerable<LoweredCondition> conditions)
        where T : BaseQuery<T>
    {
        foreach (var condition in conditions)
        {
            _ = condition switch
            {
                ColumnsCondition columns => query.WhereColumns(columns.First, columns.Operator, columns.Second),
                ValueCondition value => query.Where(value.Column, value.Operator, value.Value),
                NullCondition { Negated: true } known => query.WhereNotNull(known.Column),
                NullCondition none => query.WhereNull(none.Column),
                TextCondition { Text: var text } => query.WhereRaw(text.Text, Bindings(text)),
                _ => throw new NotSupportedException(condition.GetType().Name),
            };
        }

        return query;
    }

    private static object[] Bindings(RawText text) => [.. text.Bindings];
}
