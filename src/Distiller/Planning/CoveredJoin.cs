namespace Distiller;

/// <summary>
/// One join of a training set, as its coverage is asked. A sparse set with a max age is joined a second time without it: what is NULL with the max age and is not without has expired.
/// </summary>
internal sealed class CoveredJoin
{
    public const string Place = "place";
    public const string Hit = "hit";
    public const string Expired = "expired";

    private const string None = "null";
    private const string NoHistory = "no_history";
    private const string NoKey = "no_key";
    private const string Deleted = "deleted";
    private const long HasValue = 1;
    private const long HasExpired = 2;

    private static readonly ValueList<string> Others = ValueList<string>.Of([NoHistory, NoKey, Deleted]);

    private readonly int number;
    private readonly TrainingJoin? ageless;
    private readonly string prefix;

    public CoveredJoin(int number, TrainingJoin join)
    {
        this.number = number;
        prefix = join.Prefix;
        Main = join with { Prefix = FormattableString.Invariant($"j{number}") };
        ageless = join.Set.IsSparse && join.MaximumAge is not null ? join with { Prefix = FormattableString.Invariant($"a{number}"), MaximumAge = null } : null;
    }

    /// <summary>The columns of the answer.</summary>
    public static ValueList<string> Columns { get; } = ValueList<string>.Of(["join", "feature", "month", "rows", Hit, None, Expired, NoHistory, NoKey, Deleted]);

    /// <summary>The join under a short prefix of its own.</summary>
    public TrainingJoin Main { get; }

    public string Prefix => prefix;

    public int Number => number;

    public string Status => FormattableString.Invariant($"status_{number}");

    public string Age => FormattableString.Invariant($"age_{number}");

    public IEnumerable<TrainingJoin> Asked() => ageless is null ? [Main] : [Main, ageless];

    /// <summary>A number per feature: whether it has a value, or one that has expired.</summary>
    public IEnumerable<Output> Numbers(string matched) => Main.Features.Select((feature, i) =>
    {
        var value = new Branch(Known(Main), new Number(HasValue));
        return new Output(new Case(ageless is null ? ValueList<Branch>.Of([value]) : ValueList<Branch>.Of([value, new(Known(ageless), new Number(HasExpired))]), new Number(0)), Value(i));

        IsNull Known(TrainingJoin join) => new(new ColumnRef(matched, OutputNames.Of(hasShortNames: false, join, feature)), Negated: true);
    });

    /// <summary>The counts of a month.</summary>
    public IEnumerable<Output> Counts() => Others.Select(status => new Output(Aggregate.CountWhere(Is(null, Status, status)), Named(status)))
        .Concat(ageless is null ? [new(Aggregate.CountWhere(Is(null, Status, Expired)), Named(Expired))] : [])
        .Concat(Main.Features.SelectMany((_, i) => new[] { new Output(Aggregate.CountWhere(Has(i, HasValue)), Named(Hit, i)) }
            .Concat(ageless is null ? [] : [new(Aggregate.CountWhere(Has(i, HasExpired)), Named(Expired, i))])));

    /// <summary>A feature's counts of every month, under the names of <see cref="Columns"/>.</summary>
    public Select Counted(string monthly, Feature feature, int i, int place, string month, string rows)
    {
        var hit = Of(Named(Hit, i));
        var expired = Of(ageless is null ? Named(Expired) : Named(Expired, i));
        var others = Others.Select(status => Of(Named(status))).ToList();
        var rest = others.Prepend(expired).Prepend(hit).Aggregate((Scalar)Of(rows), (left, count) => new Arithmetic(ArithmeticOp.Subtract, left, count));
        return new()
        {
            Columns = ValueList<Output>.Of(
            [
                new(new Number(place), Place), new(new Text(prefix), "join"), new(new Text(feature.Name), "feature"), new(Of(month), "month"), new(Of(rows), "rows"), new(hit, Hit), new(rest, None), new(expired, Expired),
                .. others.Select((count, other) => new Output(count, Others[other])),
            ]),
            From = new CteRef(monthly),
        };

        ColumnRef Of(string name) => new(monthly, name);
    }

    public static Compare Is(string? table, string column, string status) => new(CompareOp.Equal, new ColumnRef(table, column), new Text(status));

    private Compare Has(int feature, long number) => new(CompareOp.Equal, new ColumnRef(null, Value(feature)), new Number(number));

    private string Value(int feature) => FormattableString.Invariant($"value_{number}_{feature + 1}");

    private string Named(string count) => FormattableString.Invariant($"{count}_{number}");

    private string Named(string count, int feature) => FormattableString.Invariant($"{count}_{number}_{feature + 1}");
}
