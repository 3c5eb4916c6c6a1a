using System.Text;
using System.Text.Json;

namespace Distiller.Databases.Tests.Reference;

/// <summary>The shape of a history row, and what may become one (B4, B6).</summary>
public static class StoredRow
{
    public delegate bool Source(string column, out object? value);

    /// <summary>The columns of a history row: keys, event time, created time, features, then tie-breakers that are not features.</summary>
    public static IReadOnlyList<string> Columns(FeatureSet set)
    {
        var columns = set.Entity.Keys.Select(key => key.Name).ToList();
        if (!set.IsStatic)
        {
            columns.Add(set.EventTimeColumn.Name);
        }

        columns.AddRange(new[] { set.CreatedTimeColumn, set.ValidToColumn }.OfType<TimeColumn>().Select(time => time.Name));

        columns.AddRange(set.Features.Select(feature => feature.Name));
        if (set.HasTombstones)
        {
            columns.Add(ReferenceModel.Deleted);
        }

        columns.AddRange(set.TieBreakers.Select(tie => tie.Name).Where(name => !columns.Contains(name)).ToList());
        return columns;
    }

    public static Row Shape(FeatureSet set, Row row, Source source) => new(Columns(set).Select(column => KeyValuePair.Create(
        column,
        source(column, out var value) ? Values.Stored(value) : throw new ArgumentException($"The row has no column '{column}': {row}"))));

    /// <summary>What makes a history row one of a kind: keys, event time, then created time, or the tie-breakers standing in its place (B12).</summary>
    public static IReadOnlyList<object?> Version(FeatureSet set, Row row)
    {
        var version = ReferenceModel.KeyOf(set, row).Append(row[set.EventTimeColumn.Name]).ToList();
        if (set.CreatedTimeColumn is { } created)
        {
            version.Add(row[created.Name]);
        }
        else
        {
            version.AddRange(set.TieBreakers.Select(tie => row[tie.Name]));
        }

        return version;
    }

    /// <summary>The row as it would be stored.</summary>
    /// <exception cref="ReferenceRefusal">A key or the event time is NULL, a column is missing, or a value does not fit (B6).</exception>
    public static Row Checked(FeatureSet set, Row row, DateTime callCreated, int number)
    {
        var stored = Shape(set, row, Find);
        foreach (var key in set.Entity.Keys)
        {
            Require(stored[key.Name] is not null, key.Name, "a key is NULL");
            Fits(key.Name, key.Type);
        }

        Require(stored[set.EventTimeColumn.Name] is not null, set.EventTimeColumn.Name, "the event time is NULL");
        FitsTime(set.EventTimeColumn);
        if (set.CreatedTimeColumn is { } created)
        {
            FitsTime(created);
        }

        foreach (var feature in set.Features)
        {
            Fits(feature.Name, feature.Type);
        }

        foreach (var tie in set.TieBreakers.Where(tie => set.Features.All(feature => feature.Name != tie.Name)))
        {
            Require(tie.Type is not null, tie.Name, "the tie-breaker has no type");
            Fits(tie.Name, tie.Type!);
        }

        return stored;

        bool Find(string column, out object? value)
        {
            var found = row.TryGetValue(column, out value);
            if (set.HasTombstones && column == ReferenceModel.Deleted)
            {
                value = found && value is true;
                return true;
            }

            if (column == set.CreatedTimeColumn?.Name && (!found || (value is null && !set.IsExisting)))
            {
                value = Cut(callCreated, set.CreatedTimeColumn.Kind);
                return true;
            }

            return found ? true : throw Refusal(column, "it is missing");
        }

        void Fits(string column, FeatureType type) => Require(CanHold(type, stored[column]), column, $"{Values.Show(stored[column])} does not fit {type}");

        void FitsTime(TimeColumn column)
        {
            var fits = stored[column.Name] switch
            {
                null => true,
                long => column.Kind == TimeKind.Ordinal,
                DateTime instant => column.Kind != TimeKind.Ordinal && instant == Cut(instant, column.Kind),
                _ => false,
            };
            Require(fits, column.Name, $"{Values.Show(stored[column.Name])} does not fit a column of {column.Kind}");
        }

        void Require(bool holds, string column, string reason)
        {
            if (!holds)
            {
                throw Refusal(column, reason);
            }
        }

        ReferenceRefusal Refusal(string column, string reason) => new("B6", $"row {number}, column '{column}': {reason}.");
    }

    /// <summary>The greatest instant at or before one that a column of the kind can hold.</summary>
    public static DateTime Cut(DateTime instant, TimeKind kind)
    {
        var grain = kind switch
        {
            TimeKind.Date => TimeSpan.TicksPerDay,
            TimeKind.EpochSeconds => TimeSpan.TicksPerSecond,
            TimeKind.EpochMilliseconds => TimeSpan.TicksPerMillisecond,
            _ => TimeSpan.TicksPerMicrosecond,
        };
        return new(instant.Ticks - (instant.Ticks % grain), DateTimeKind.Utc);
    }

    /// <summary>Whether a value fits its declared type (B6), on any engine.</summary>
    public static bool CanHold(FeatureType type, object? value) => value is null || (value.GetType() == type.ClrType && type.Kind switch
    {
        FeatureKind.Decimal => HasDigits((decimal)value, type.Precision, type.Scale),
        FeatureKind.FloatVector => type.Length == 0 || ((float[])value).Length == type.Length,
        FeatureKind.String => IsUnicode((string)value),
        FeatureKind.Json => IsUnicode((string)value) && IsJson((string)value),
        _ => true,
    });

    private static bool HasDigits(decimal value, int precision, int scale)
    {
        var limit = 1m;
        for (var i = 0; i < precision - scale; i++)
        {
            limit *= 10;
        }

        return Math.Abs(value) < limit && decimal.Round(value, scale) == value;
    }

    private static bool IsUnicode(string text)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
