namespace Distiller.Databases.Tests.Reference;

/// <summary>Draws what happens to one feature set: late rows, corrections, ties, repeats, several versions in one batch, NULLs; legal, whatever the seed.</summary>
internal sealed class WorldHistory(FeatureSet set, WorldEntity entity, WorldOptions options, WorldValues values, WorldClock clock)
{
    /// <summary>The first row of each version: another of the same version must say the same (B5), and full ties on a drop-in set are then no choice.</summary>
    private readonly Dictionary<IReadOnlyList<object?>, Row> versions = new(ValuesComparer.Instance);
    private readonly List<Row> written = [];
    private readonly bool isPublished = set.LatestTable is not null;
    private readonly bool bringsCreated = set.CreatedTimeColumn is not null && (set.IsExisting || values.Chance(0.5));

    public WorldSet Build()
    {
        var batches = new List<WorldBatch>();
        var rows = values.Between(Math.Min(6, options.MaxHistoryRows), options.MaxHistoryRows);
        var count = values.Between(1, 4);
        var created = clock.Base;
        for (var i = 0; i < count; i++)
        {
            created = created.AddHours(values.Between(1, 40)).AddTicks(10L * values.Between(0, 999_999));
            if (i > 0 && isPublished && values.Chance(0.2))
            {
                batches.Add(values.Pick(batches));
            }
            else if (i > 0 && set.HasTombstones && values.Chance(0.5))
            {
                batches.Add(Retraction(created));
            }
            else
            {
                batches.Add(Batch(Math.Max(1, rows / count), created));
            }
        }

        return new(set, Columns(), batches, isPublished ? Refusals(batches) : []);
    }

    private WorldBatch Batch(int count, DateTime created)
    {
        var rows = new List<Row>();
        for (var i = 0; i < count; i++)
        {
            var row = values.Between(0, 19) switch
            {
                < 2 when written.Count > 0 => values.Pick(written),
                < 6 when written.Count > 0 => Correction(values.Pick(written), created),
                _ => Fresh(created),
            };
            rows.Add(Settle(row, created));
            written.Add(rows[^1]);
        }

        return new(rows, created, options.OnlyChanged && isPublished && set.MaximumAge is null && values.Chance(0.3));
    }

    private WorldBatch Retraction(DateTime created)
    {
        var at = StoredRow.Cut(values.Pick(clock.Anchors), TimeKind.Instant);
        var keys = Enumerable.Range(0, values.Between(1, 3)).Select(_ => (IReadOnlyList<object?>)values.Pick(values.Chance(0.1) ? entity.Strangers : entity.Keys))
            .Distinct(ValuesComparer.Instance)
            .Where(key => versions.TryAdd(StoredRow.Version(set, ReferenceStore.Tombstone(set, key, at, StoredRow.Cut(created, TimeKind.Instant))), ReferenceStore.Tombstone(set, key, at, created)))
            .ToList();
        return new([], StoredRow.Cut(created, TimeKind.Instant), OnlyChanged: false) { EndedKeys = keys, EndedAt = at };
    }

    private Row Fresh(DateTime created)
    {
        var key = values.Pick(entity.Keys);
        var happened = values.Pick(clock.Anchors);
        var held = WorldClock.Held(happened, set.EventTimeColumn.Kind);
        var cells = set.Entity.Keys.Select((column, part) => KeyValuePair.Create(column.Name, (object?)key[part])).ToList();
        cells.Add(new(set.EventTimeColumn.Name, isPublished ? clock.Finer(held, set.EventTimeColumn.Kind) : held));
        if (bringsCreated)
        {
            cells.Add(new(set.CreatedTimeColumn!.Name, Created(happened, created)));
        }

        cells.AddRange(Features());
        foreach (var tie in set.TieBreakers.Where(tie => set.Features.All(feature => feature.Name != tie.Name)))
        {
            cells.Add(new(tie.Name, Stored(values.Value(tie.Type!, nulls: 0.2))));
        }

        return new(cells);
    }

    /// <summary>The same key and event time, other values, known at another time (or, without created time, with another tie-breaker).</summary>
    private Row Correction(Row row, DateTime created)
    {
        var corrected = Features().Aggregate(row, (result, cell) => result.With(cell.Key, cell.Value));
        foreach (var tie in set.TieBreakers.Where(tie => set.Features.All(feature => feature.Name != tie.Name)))
        {
            corrected = corrected.With(tie.Name, Stored(values.Value(tie.Type!, nulls: 0.2)));
        }

        return bringsCreated
            ? corrected.With(set.CreatedTimeColumn!.Name, Created(values.Pick(clock.Anchors), created))
            : corrected;
    }

    private List<KeyValuePair<string, object?>> Features()
    {
        // Some rows say what an earlier one said, for onlyChanged.
        var model = written.Count > 0 && values.Chance(0.3) ? values.Pick(written) : null;
        var nulls = values.Chance(0.1) ? 1.0 : 0.2;
        return [.. set.Features.Select(feature => KeyValuePair.Create(feature.Name, model is null ? Stored(values.Value(feature.Type, nulls)) : model[feature.Name]))];
    }

    private object? Created(DateTime happened, DateTime created)
    {
        var kind = set.CreatedTimeColumn!.Kind;
        var instant = values.Between(0, 9) switch
        {
            < 2 => (DateTime?)null,
            < 4 => happened,
            4 => WorldClock.Add(happened, TimeSpan.FromMicroseconds(1)),
            5 => WorldClock.Add(happened, TimeSpan.FromDays(2)),
            6 => values.Pick(clock.Anchors),
            _ => created,
        };
        return instant is { } known ? WorldClock.Held(known, kind) is var held && isPublished ? clock.Finer(held, kind) : held : null;
    }

    /// <summary>Rows that the test inserts itself have no finer instants than the table holds; published ones leave the flooring to the product (T2).</summary>
    private object? Stored(object? value) => isPublished ? value : Values.Stored(value);

    private Row Settle(Row row, DateTime created)
    {
        var stored = StoredRow.Checked(set, row, created, 0);
        var version = StoredRow.Version(set, stored);
        if (versions.TryAdd(version, row))
        {
            return row;
        }

        if (ReferenceModel.IsDeleted(set, versions[version].With(ReferenceModel.Deleted, versions[version].TryGetValue(ReferenceModel.Deleted, out var deleted) ? deleted : false)))
        {
            return Settle(row.With(set.CreatedTimeColumn!.Name, WorldClock.Add(created, TimeSpan.FromMicroseconds(values.Between(1, 1000)))), created);
        }

        return set.Features.Aggregate(row, (result, feature) => result.With(feature.Name, versions[version][feature.Name]));
    }

    private List<WorldRefusal> Refusals(List<WorldBatch> batches)
    {
        var store = new ReferenceStore();
        foreach (var batch in batches)
        {
            World.Play(store, new(set, [], [], []), batch);
        }

        var last = batches.Last(batch => batch.EndedKeys is null);
        var row = values.Pick(last.Rows);
        var key = values.Pick(set.Entity.Keys).Name;
        List<WorldRefusal> refusals =
        [
            new(Of(last, row, row.With(key, null)), "B6"),
            new(Of(last, row.With(set.EventTimeColumn.Name, null)), "B6"),
        ];

        var changeable = set.Features.Where(feature => set.TieBreakers.All(tie => tie.Name != feature.Name)).ToList();
        if (changeable.Count > 0)
        {
            var feature = values.Pick(changeable);
            refusals.Add(new(Of(last, row, Changed(row)), "B5"));
            refusals.Add(new(Of(last, Changed(values.Pick(store.History(set)))), "B5"));

            Row Changed(Row from) => from.With(feature.Name, from[feature.Name] is null ? values.Value(feature.Type) : null);
        }

        return refusals;

        static WorldBatch Of(WorldBatch like, params Row[] rows) => new(rows, like.Created, OnlyChanged: false);
    }

    private List<WorldColumn> Columns() => [.. StoredRow.Columns(set).Select(Column)];

    private WorldColumn Column(string name)
    {
        if (set.Entity.Keys.FirstOrDefault(key => key.Name == name) is { } key)
        {
            return new(name, key.Type, null, IsNullable: false);
        }

        if (set.HasTombstones && name == ReferenceModel.Deleted)
        {
            return new(name, FeatureType.Bool, null, IsNullable: false);
        }

        if (name == set.EventTimeColumn.Name)
        {
            return new(name, null, set.EventTimeColumn.Kind, IsNullable: false);
        }

        if (name == set.CreatedTimeColumn?.Name)
        {
            return new(name, null, set.CreatedTimeColumn.Kind, IsNullable: set.IsExisting);
        }

        var type = set.Features.FirstOrDefault(feature => feature.Name == name)?.Type ?? set.TieBreakers.First(tie => tie.Name == name).Type;
        return new(name, type, null, IsNullable: true);
    }
}
