using System.Reflection;

namespace Distiller;

/// <summary>Makes the fetch of a property: a delegate on its getter, unboxed where the property's type is the cell's or widens to it.</summary>
internal static class PropertyFetch
{
    private static MethodInfo Typed => typeof(PropertyFetch).GetMethod(nameof(Of), 2, BindingFlags.NonPublic | BindingFlags.Static, [typeof(MethodInfo), typeof(Cell)])!;

    private delegate TValue StructGetter<TRow, out TValue>(ref TRow row);

    public static Fetch<TRow> Of<TRow>(PropertyInfo property, Cell cell) =>
        (Fetch<TRow>)Typed.MakeGenericMethod(typeof(TRow), property.PropertyType).Invoke(null, [property.GetGetMethod(), cell])!;

    private static Fetch<TRow> Of<TRow, TValue>(MethodInfo getter, Cell cell)
    {
        var get = Getter<TRow, TValue>(getter);
        return cell.Direct<TRow>(get) ?? new BoxedFetch<TRow>(row => get(row), cell);
    }

    private static Func<TRow, TValue> Getter<TRow, TValue>(MethodInfo getter)
    {
        if (!typeof(TRow).IsValueType)
        {
            return getter.CreateDelegate<Func<TRow, TValue>>();
        }

        var get = getter.CreateDelegate<StructGetter<TRow, TValue>>();
        return row => get(ref row);
    }
}
