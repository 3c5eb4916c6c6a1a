using System.Data.Common;
using Dapper;

namespace Distiller;

/// <summary>One column of an index as a catalog lists it; no name where it is an expression or compares otherwise than its column does.</summary>
internal sealed record IndexColumn(string Index, bool IsUnique, string? Column);

/// <summary>What the catalogs share: asking, and putting an index together from its columns.</summary>
internal static class CatalogRows
{
    public static async Task<List<T>> ReadAsync<T>(
        DbConnection connection, DbTransaction? transaction, string sql, object? parameters, Func<DbDataReader, T> row, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(command).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>The indexes that lead with a plain column, from their columns in order.</summary>
    public static IEnumerable<IndexFacts> Indexes(IEnumerable<IndexColumn> columns)
    {
        foreach (var index in columns.GroupBy(column => column.Index, StringComparer.Ordinal))
        {
            var plain = ValueList<string>.Of(index.Select(column => column.Column).TakeWhile(name => name is not null)!);
            if (plain.Count > 0)
            {
                yield return new(plain, plain.Count == index.Count() && index.All(column => column.IsUnique));
            }
        }
    }

    public static string? Text(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static long? Number(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);
}
