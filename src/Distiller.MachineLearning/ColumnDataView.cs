using Microsoft.ML;
using Microsoft.ML.Data;

namespace Distiller;

/// <summary>Columns in memory as ML.NET sees them.</summary>
internal sealed class ColumnDataView : IDataView
{
    private readonly ViewColumn[] columns;
    private readonly long rows;

    public ColumnDataView(ViewColumn[] columns, long rows)
    {
        this.columns = columns;
        this.rows = rows;
        var schema = new DataViewSchema.Builder();
        foreach (var column in columns)
        {
            schema.AddColumn(column.Name, column.Type);
        }

        Schema = schema.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly ColumnDataView view;
        private readonly bool[] active;
        private long position = -1;

        public Cursor(ColumnDataView view, IEnumerable<DataViewSchema.Column> columnsNeeded)
        {
            this.view = view;
            active = new bool[view.columns.Length];
            foreach (var column in columnsNeeded)
            {
                active[column.Index] = true;
            }
        }

        public override long Position => position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext()
        {
            position = position + 1 < view.rows ? position + 1 : view.rows;
            return position < view.rows;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)Current(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!active[column.Index])
            {
                throw new InvalidOperationException($"The column '{column.Name}' is not among those this cursor was opened with.");
            }

            return view.columns[column.Index].Getter(Current) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}, and is read as {typeof(TValue)}.");
        }

        private long Current() => position >= 0 && position < view.rows ? position : throw new InvalidOperationException("The cursor stands on no row; call MoveNext first.");
    }
}
