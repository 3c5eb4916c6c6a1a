using System.Runtime.CompilerServices;

namespace Distiller;

/// <summary>
/// A reader whose every column has a type. A spine's instant is read as the spine declares it, its other columns as the caller says or as the provider hands them out.
/// </summary>
internal sealed class TypedColumns : IAsyncDisposable
{
    // A decimal of the provider's says nothing of its digits: as many as .NET keeps for sure, with room for both sides of the point.
    private static readonly FeatureType AnyDecimal = FeatureType.Decimal(28, 10);

    private readonly TypedReader _owner;

    public TypedColumns(TypedReader owner)
    {
        _owner = owner;
        Columns = [.. owner.Columns.Select((column, i) => column.Type is null ? column with { Type = TypeOf(column.Name, owner.GetFieldType(i)) } : column)];
        Reader = owner.As(Columns.Select((column, i) => Slot(owner, i, column)));
    }

    /// <summary>The columns, each with its type.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>The rows.</summary>
    public TypedReader Reader { get; }

    /// <summary>The types a caller gives to columns that were never declared.</summary>
    public static IReadOnlyList<ResultColumn> Declare(IReadOnlyList<ResultColumn> columns, TimeColumn? instant, IReadOnlyDictionary<string, FeatureType>? types)
    {
        var typed = columns.Select(column => column.Type is null && column.Name == instant?.Name ? column with { Type = StoredType.Of(instant.Kind) } : column).ToList();
        foreach (var (name, type) in types ?? new Dictionary<string, FeatureType>())
        {
            var at = typed.FindIndex(column => column.Name == name);
            at = at < 0 ? typed.FindIndex(column => Names.Comparer.Equals(column.Name, name)) : at;
            if (at < 0)
            {
                throw new ArgumentException($"A type is given for the column '{name}', which the result does not have; it has {string.Join(", ", columns.Select(column => column.Name))}.", nameof(types));
            }

            typed[at] = columns[at].Type is { } declared
                ? throw new ArgumentException($"A type is given for the column '{name}', which is declared as {declared} already; types are for the spine's own columns.", nameof(types))
                : typed[at] with { Type = StoredType.Of(type) };
        }

        return typed;
    }

    /// <summary>Reads the next rows, at most so many, each into every sink.</summary>
    /// <param name="sinks">What takes the columns.</param>
    /// <param name="rows">The most rows to take.</param>
    /// <param name="cancellationToken">Watched between rows.</param>
    /// <returns>The rows taken: fewer only where the result ends.</returns>
    public async Task<int> FillAsync(ColumnSink[] sinks, int rows, CancellationToken cancellationToken)
    {
        foreach (var sink in sinks)
        {
            sink.Begin(rows);
        }

        var filled = 0;
        while (true)
        {
            filled = FillAtOnce(sinks, filled, rows, out var next, cancellationToken);
            if (next is null || !await next.ConfigureAwait(false))
            {
                return filled;
            }

            Append(sinks, filled++, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    // A row that is there already is not worth a wait; a method of its own, because locals of an asynchronous one live on the heap.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FillAtOnce(ColumnSink[] sinks, int filled, int rows, out Task<bool>? next, CancellationToken cancellationToken)
    {
        var reader = Reader;
        for (; filled < rows; filled++)
        {
            var read = reader.ReadAsync(cancellationToken);
            if (!read.IsCompletedSuccessfully)
            {
                next = read;
                return filled;
            }

            if (!read.Result)
            {
                break;
            }

            Append(sinks, filled, cancellationToken);
        }

        next = null;
        return filled;
    }

    private void Append(ColumnSink[] sinks, int row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reader = Reader;

        // Four calls, each from a place of its own, so that the processor foresees better where each goes: a tenth of the whole.
        var i = 0;
        for (; i < sinks.Length - 3; i += 4)
        {
            sinks[i].Append(reader, row);
            sinks[i + 1].Append(reader, row);
            sinks[i + 2].Append(reader, row);
            sinks[i + 3].Append(reader, row);
        }

        for (; i < sinks.Length; i++)
        {
            sinks[i].Append(reader, row);
        }
    }

    private static ReadSlot Slot(TypedReader owner, int source, ResultColumn column) => owner.Columns[source].Type is null
        ? ReadSlot.Of(source, column, $"{column.Type}, the type its first row told; give it another by its name ({HowTo(column.Name)})")
        : ReadSlot.Of(source, column);

    private static StoredType TypeOf(string column, Type type) => StoredType.Of(Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => FeatureType.Bool,
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 => FeatureType.Int32,
        TypeCode.UInt32 or TypeCode.Int64 => FeatureType.Int64,
        TypeCode.Single => FeatureType.Float32,
        TypeCode.Double => FeatureType.Float64,
        TypeCode.Decimal => AnyDecimal,
        TypeCode.String => FeatureType.String,
        TypeCode.DateTime => FeatureType.Timestamp,
        _ when type == typeof(DateTimeOffset) => FeatureType.Timestamp,
        _ when type == typeof(DateOnly) => FeatureType.Date,
        _ when type == typeof(Guid) => FeatureType.Guid,
        _ when type == typeof(byte[]) => FeatureType.Bytes,
        _ when type == typeof(float[]) || type == typeof(List<float>) => FeatureType.FloatVector,
        _ => throw new ArgumentException($"Column '{column}' of the spine comes as {type.Name}, which is no type of Distiller's; give it one by its name ({HowTo(column)}), or cast it in the spine's query."),
    });

    private static string HowTo(string column) => $"types: new() {{ [\"{column}\"] = FeatureType.Int64 }}, for instance";
}
