namespace Distiller;

/// <summary>How a column keeps its instants (T4). All instants are UTC.</summary>
public enum TimeKind
{
    /// <summary>The dialect's own instant type: <c>timestamptz</c> on PostgreSQL and DuckDB, fixed-width text <c>yyyy-MM-dd HH:mm:ss.ffffff</c> on SQLite.</summary>
    Instant,

    /// <summary>A timestamp without a zone, meant as UTC.</summary>
    Timestamp,

    /// <summary>A date, meant as its midnight in UTC; on SQLite text <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>Text <c>yyyy-MM-dd HH:mm:ss</c> with 0 to 7 fraction digits, as Microsoft.Data.Sqlite writes a DateTime. SQLite only.</summary>
    Text,

    /// <summary>A 64-bit integer: seconds since 1970-01-01.</summary>
    EpochSeconds,

    /// <summary>A 64-bit integer: milliseconds since 1970-01-01.</summary>
    EpochMilliseconds,

    /// <summary>A 64-bit integer: microseconds since 1970-01-01.</summary>
    EpochMicroseconds,

    /// <summary>A 64-bit integer that only compares. It meets only another ordinal, and knows neither a max age nor knowledge at the event.</summary>
    Ordinal,
}

/// <summary>A column that holds instants, and how.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">How the column keeps its instants (T4).</param>
public sealed record TimeColumn(string Name, TimeKind Kind);
