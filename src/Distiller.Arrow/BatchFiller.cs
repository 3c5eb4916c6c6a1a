using Apache.Arrow;

namespace Distiller;

/// <summary>Reads rows into columns until a batch is full.</summary>
internal sealed class BatchFiller
{
    private readonly TypedReader reader;
    private readonly ArrowColumn[] columns;
    private readonly Schema schema;
    private readonly int batchRows;

    public BatchFiller(TypedColumns source, int batchRows)
    {
        reader = source.Reader;
        this.batchRows = batchRows;
        columns = [.. source.Columns.Select((column, i) => ArrowColumn.Of(column, i))];
        schema = new(columns.Select(column => column.Field), []);
    }

    public async Task<RecordBatch> FillAsync(CancellationToken cancellationToken)
    {
        foreach (var column in columns)
        {
            column.Begin(batchRows);
        }

        var rows = 0;
        while (rows < batchRows)
        {
            var next = reader.ReadAsync(cancellationToken);
            if (!(next.IsCompletedSuccessfully ? next.Result : await next.ConfigureAwait(false)))
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            foreach (var column in columns)
            {
                column.Append(reader, rows);
            }

            rows++;
        }

        return new(schema, columns.Select(column => column.End(rows)), rows);
    }
}
