namespace Distiller;

/// <summary>Takes one column's value from a row and puts it into its cell.</summary>
internal abstract class Fetch<TRow>(Cell cell)
{
    public string Column => cell.Column.Name;

    /// <summary>Answers what is wrong with the row's value; null = nothing.</summary>
    public abstract string? Read(TRow row);

    /// <summary>Puts a value of any type.</summary>
    protected string? Put(object? value)
    {
        if (value is null or DBNull)
        {
            return cell.PutNull();
        }

        return cell.Put(value) is { } reason ? Problem.Of(value, reason) : null;
    }

    /// <summary>Puts what stands for a column the source lacks.</summary>
    protected string? PutAbsent()
    {
        if (cell.Column.WhenAbsent is not { } instant)
        {
            return cell.PutNull();
        }

        return cell.PutClock(instant) is { } reason ? Problem.Of(instant, reason) : null;
    }
}

internal sealed class ValueFetch<TRow, T>(Func<TRow, T> get, Cell<T> cell) : Fetch<TRow>(cell)
    where T : struct
{
    public override string? Read(TRow row)
    {
        var value = get(row);
        return cell.Put(value) is { } reason ? Problem.Of(value, reason) : null;
    }
}

internal sealed class NullableFetch<TRow, T>(Func<TRow, T?> get, Cell<T> cell) : Fetch<TRow>(cell)
    where T : struct
{
    public override string? Read(TRow row)
    {
        if (get(row) is not { } value)
        {
            return cell.PutNull();
        }

        return cell.Put(value) is { } reason ? Problem.Of(value, reason) : null;
    }
}

internal sealed class ReferenceFetch<TRow, T>(Func<TRow, T?> get, Cell<T> cell) : Fetch<TRow>(cell)
    where T : class
{
    public override string? Read(TRow row)
    {
        if (get(row) is not { } value)
        {
            return cell.PutNull();
        }

        return cell.Put(value) is { } reason ? Problem.Of(value, reason) : null;
    }
}

/// <summary>A property whose type is not the column's own.</summary>
internal sealed class BoxedFetch<TRow>(Func<TRow, object?> get, Cell cell) : Fetch<TRow>(cell)
{
    public override string? Read(TRow row) => Put(get(row));
}

/// <summary>A column the source lacks.</summary>
internal sealed class AbsentFetch<TRow>(Cell cell) : Fetch<TRow>(cell)
{
    public override string? Read(TRow row) => PutAbsent();
}
