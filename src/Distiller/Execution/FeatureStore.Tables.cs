namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>
    /// Makes a feature set of a table or view that is there: keys, times and features as named, else as the catalog's keys and usual names tell. Nothing is created or changed.
    /// What was assumed, and each column that no feature type holds, is in the notes.
    /// </summary>
    /// <exception cref="TableMismatchException">There is no such table or column, or keys or times are ambiguous; the message names the option that tells.</exception>
    public Task<FoundFeatureSet> FeatureSetFromTableAsync(TableName table, TableColumns? columns = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        return TableReading.ReadAsync(Begin(), table, columns ?? new(), null, cancellationToken);
    }

    /// <summary>
    /// Makes a training set of a table of rows to enrich and of feature tables, without a declaration: a feature table's keys are its enforced key, else the columns it shares with the spine; everything else as in <see cref="FeatureSetFromTableAsync"/>.
    /// Read the notes: what was assumed is there.
    /// </summary>
    /// <param name="spine">The table of rows to enrich.</param>
    /// <param name="features">The feature tables, in output order.</param>
    /// <param name="instant">The spine's instant; null = <c>event_timestamp</c>, else another usual name.</param>
    /// <param name="cancellationToken">Watched before each statement.</param>
    /// <exception cref="TableMismatchException">A table, its keys or a time cannot be told; make that feature set by <see cref="FeatureSetFromTableAsync"/>, and join it.</exception>
    public async Task<FoundTrainingSet> TrainingSetFromTablesAsync(TableName spine, IReadOnlyList<TableName> features, string? instant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spine);
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0)
        {
            throw new ArgumentException("A training set joins one feature table at least.", nameof(features));
        }

        var session = Begin();
        var facts = await session.FactsAsync(spine, cancellationToken).ConfigureAwait(false) ?? throw new TableMismatchException([$"The table '{spine}' does not exist; name one that does, with its schema where the session does not look there."]);
        var column = instant is not null ? TableReading.Find(facts, instant) : new[] { "event_timestamp", "event_time", "timestamp", "ts", "label_ts", "at" }.Select(usual => TableReading.Find(facts, usual)).FirstOrDefault(found => found is not null);
        if (column is null || await TableReading.KindAsync(session, spine, column, cancellationToken).ConfigureAwait(false) is not { } kind)
        {
            throw new TableMismatchException([$"The table '{spine}' has no column {(instant is null ? "of a usual name that holds its rows' instants; name one" : $"'{instant}' that holds instants; name another, or begin with Spine.From(...).At(column, kind)")}. It has {string.Join(", ", facts.Columns.Select(known => known.Name))}."]);
        }

        var names = facts.Columns.Select(known => known.Name).ToList();
        var rows = Spine.From(spine).At(column.Name, kind).Columns([.. names]);
        var notes = new List<string> { $"'{spine}': each row as of '{column.Name}' ({kind})." };
        TrainingSet? training = null;
        foreach (var table in features)
        {
            var found = await TableReading.ReadAsync(session, table, new(), [.. names.Where(name => name != column.Name)], cancellationToken).ConfigureAwait(false);
            notes.AddRange(found.Notes);
            var keys = found.Set.Entity.Keys.ToDictionary(key => key.Name, key => names.First(name => Names.Comparer.Equals(name, key.Name)), StringComparer.Ordinal);
            training = training is null ? rows.Join(found.Set, keys: keys) : training.Join(found.Set, keys: keys);
        }

        return new(training!, ValueList<string>.Of(notes));
    }
}
