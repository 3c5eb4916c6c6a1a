using Apache.Arrow;

namespace Distiller;

/// <summary>Reads rows into columns until a batch is full.</summary>
internal sealed class BatchFiller
{
    private readonly TypedColumns source;
    private readonly ArrowColumn[] columns;
    private readonly Schema schema;
    private readonly int batchRows;

    public BatchFiller(TypedColumns source, int batchRows)
    {
        this.source = source;
        this.batchRows = batchRows;
        columns = [.. source.Columns.Select((column, i) => ArrowColumn.Of(column, i))];
        schema = new(columns.Select(column => column.Field), []);
    }

    public async Task<RecordBatch> FillAsync(CancellationToken cancellationToken)
    {
        var rows = await source.FillAsync(columns, batchRows, cancellationToken).ConfigureAwait(false);
        return new(schema, columns.Select(column => column.End(rows)), rows);
    }
}
