using System.Collections;
using System.Data;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Distiller.Tests.Conventions;

/// <summary>The rules of the house, as far as reflection sees them.</summary>
public sealed class TypeConventionsTests
{
    private static readonly string[] BannedEndings = ["Helper", "Helpers", "Manager", "Utils", "Util", "Base", "Impl", "Info", "Data", "Context"];

    [Fact]
    public void Folders_make_no_public_namespaces() =>
        Library.None(Library.Types.Where(type => type.IsVisible && type.Namespace != (type.Assembly == typeof(SqlKataInterop.SqlKataShape).Assembly ? Library.SqlKataNamespace : "Distiller")).Select(type => type.FullName));

    [Fact]
    public void A_class_is_sealed_or_abstract_or_static() =>
        Library.None(Library.Types.Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract).Select(type => type.FullName));

    [Fact]
    public void A_record_never_changes()
    {
        Assert.NotEmpty(Library.Records);
        Library.None(
            from type in Library.Records
            from property in type.GetProperties(Library.Declared)
            where property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
            select Library.Of(property) + " has a setter");
        Library.None(
            from type in Library.Records
            from field in type.GetFields(Library.Declared)
            where !field.IsInitOnly && !field.IsLiteral
            select Library.Of(field) + " can be assigned");
    }

    [Fact]
    public void A_record_keeps_no_collection_that_changes() => Library.None(
        from type in Library.Records
        where type.Assembly == typeof(FeatureSet).Assembly
        from property in type.GetProperties(Library.Declared)
        where typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string) && !IsReadOnly(property.PropertyType)
        select $"{Library.Of(property)} is a {property.PropertyType}");

    /// <summary>What a model, statement or script hands out is a list that compares by value and cannot be cast to one that changes.</summary>
    [Fact]
    public void The_lists_of_models_and_statements_cannot_be_changed_behind_their_back()
    {
        var entity = Entity.Create("e").Key<int>("k");
        var set = entity.FeatureSet("s").Feature<int>("f").Existing("t").WithoutCreatedTime().TieBreaker("v");
        string[] columns = ["k", "event_timestamp"];
        var spine = Spine.From("t").Columns(columns);
        var training = spine.Join(set).OrderBy(columns);
        columns[0] = "changed";
        var owned = entity.FeatureSet("o").Feature<int>("f");
        var sets = new List<FeatureSet> { owned };
        var create = CreateTables.For(sets);
        sets.Clear();

        Assert.Equal(["k", "event_timestamp"], spine.ColumnNames);
        Assert.Equal(["k", "event_timestamp"], training.OrderColumns);
        Assert.Single(create.Sets);
        foreach (var list in new IEnumerable[] { entity.Keys, set.Features, set.TieBreakers, spine.ColumnNames, training.Joins, training.OrderColumns, training.Joins[0].Features, training.Joins[0].SpineKeys, create.Sets, create.Compile(SqlDialect.Sqlite).Steps })
        {
            Assert.False(list is IList, list.GetType().ToString());
        }
    }

    /// <summary>A table of what was worked out of its keys, gone with them, changes nothing anyone sees.</summary>
    [Fact]
    public void Statics_hold_only_values_that_never_change()
    {
        Type[] known = [typeof(ActivitySource), typeof(Meter), typeof(Counter<long>), typeof(Histogram<double>), typeof(StringComparer), typeof(Type), typeof(System.Buffers.SearchValues<char>)];
        Library.None(
            from type in Library.Types
            from field in type.GetFields(Library.Declared)
            where field.IsStatic && !field.IsLiteral && !field.Name.Contains(">b__", StringComparison.Ordinal)
            let kind = field.FieldType
            where !field.IsInitOnly || !(kind.IsValueType || kind.IsEnum || kind == typeof(string) || known.Contains(kind) || typeof(Delegate).IsAssignableFrom(kind)
                || (kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(ConditionalWeakTable<,>)) || IsReadOnly(kind) || Library.Records.Contains(kind) || typeof(SqlDialect).IsAssignableFrom(kind) || kind.BaseType == typeof(Catalog))
            select $"{Library.Of(field)} is a {(field.IsInitOnly ? "" : "changing ")}{kind}");
    }

    [Fact]
    public void A_name_says_what_a_type_is() =>
        Library.None(Library.Types.Where(type => BannedEndings.Any(ending => Plain(type.Name).EndsWith(ending, StringComparison.Ordinal))).Select(type => type.FullName));

    [Fact]
    public void What_waits_ends_in_Async_and_takes_its_token_last()
    {
        var waiting = (
            from type in Library.Types
            from method in type.GetMethods(Library.Declared)
            where !method.IsSpecialName && !Library.IsGenerated(method) && Waits(method.ReturnType)
            select method).ToList();

        Assert.NotEmpty(waiting);
        Library.None(waiting.Where(method => !method.Name.EndsWith("Async", StringComparison.Ordinal)).Select(Library.Of));
        Library.None(
            from method in waiting
            where method.DeclaringType!.IsVisible && (method.IsPublic || method.IsFamily) && method.Name != nameof(IAsyncDisposable.DisposeAsync)
            let parameters = method.GetParameters()
            where parameters.Length == 0 || parameters[^1].ParameterType != typeof(CancellationToken)
            select Library.Of(method));
    }

    [Fact]
    public void A_connection_is_a_DbConnection() => Library.None(
        from type in Library.Types
        from method in type.GetMethods(Library.Declared).Cast<MethodBase>().Concat(type.GetConstructors(Library.Declared))
        from parameter in method.GetParameters()
        where parameter.ParameterType == typeof(IDbConnection) || parameter.ParameterType == typeof(IDbTransaction)
        select Library.Of(method));

    [Fact]
    public void A_dialect_belongs_to_the_list_of_all() =>
        Assert.Equal(
            Library.Types.Where(type => type.IsSubclassOf(typeof(SqlDialect)) && !type.IsAbstract).Select(type => type.Name).Order(StringComparer.Ordinal),
            SqlDialect.All.Select(dialect => dialect.GetType().Name).Order(StringComparer.Ordinal));

    private static bool Waits(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask)
        || type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ValueTask<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private static bool IsReadOnly(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() is var open && (open == typeof(IReadOnlyList<>) || open == typeof(IReadOnlyDictionary<,>) || open == typeof(ValueList<>) || open.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen"));

    private static string Plain(string name) => name.Split('`')[0];
}
