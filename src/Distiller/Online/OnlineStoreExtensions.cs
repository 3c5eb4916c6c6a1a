using System.Diagnostics.CodeAnalysis;

namespace Distiller;

/// <summary>Reading from and loading into an online store, alike for every store.</summary>
public static class OnlineStoreExtensions
{
    /// <summary>Reads the newest features of one entity for whole feature sets, in one request (O6).</summary>
    /// <typeparam name="T">The entity info: a type with a property for every entity key (without regard to case and underscores; <c>[Column]</c> wins), or a dictionary by name.</typeparam>
    /// <param name="store">The online store.</param>
    /// <param name="entity">All keys known for this request; more than are needed do no harm, and a null key is missing.</param>
    /// <param name="sets">The feature sets, in output order.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">A needed key is not there, or does not fit its type; the message names it.</exception>
    /// <exception cref="OnlineStoreException">The store does not answer, or holds what it should not.</exception>
    public static Task<OnlineFeatures> GetAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(this IOnlineStore store, T entity, IReadOnlyList<FeatureSet> sets, CancellationToken cancellationToken = default) =>
        GetAsync(store, entity, ServingSet.OfList(sets), cancellationToken);

    /// <summary>Reads the newest features of one entity for a serving set, in one request: the columns of the training set, in its order (O6, P12).</summary>
    /// <inheritdoc cref="GetAsync{T}(IOnlineStore, T, IReadOnlyList{FeatureSet}, CancellationToken)"/>
    public static async Task<OnlineFeatures> GetAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(this IOnlineStore store, T entity, ServingSet serving, CancellationToken cancellationToken = default) =>
        (await OnlineReader.ReadAsync(store, [entity], serving, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Reads the newest features of many entities for whole feature sets, in one request (O6).</summary>
    /// <inheritdoc cref="GetAsync{T}(IOnlineStore, T, IReadOnlyList{FeatureSet}, CancellationToken)"/>
    /// <returns>The features of each entity, in the entities' order.</returns>
    public static Task<IReadOnlyList<OnlineFeatures>> GetManyAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(this IOnlineStore store, IEnumerable<T> entities, IReadOnlyList<FeatureSet> sets, CancellationToken cancellationToken = default) =>
        GetManyAsync(store, entities, ServingSet.OfList(sets), cancellationToken);

    /// <summary>Reads the newest features of many entities for a serving set, in one request (O6, P12).</summary>
    /// <inheritdoc cref="GetAsync{T}(IOnlineStore, T, IReadOnlyList{FeatureSet}, CancellationToken)"/>
    /// <returns>The features of each entity, in the entities' order.</returns>
    public static async Task<IReadOnlyList<OnlineFeatures>> GetManyAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(this IOnlineStore store, IEnumerable<T> entities, ServingSet serving, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return await OnlineReader.ReadAsync(store, [.. entities], serving, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loads rows of an unload: batched, several batches on their way at once, in constant memory. An older row never replaces a newer one (O4), so rows may come in any order and again.</summary>
    /// <param name="store">The online store.</param>
    /// <param name="rows">The rows, of one feature set or of several.</param>
    /// <param name="options">Sizes and progress.</param>
    /// <param name="cancellationToken">Watched between batches.</param>
    /// <returns>What was done. No watermark is kept, because the rows may be any: <see cref="LoadAsync(IOnlineStore, FeatureStore, FeatureSet, LoadOptions, CancellationToken)"/> keeps one.</returns>
    /// <exception cref="OnlineStoreException">The store failed. What was loaded stays; loading all again finishes the job.</exception>
    public static async Task<LoadResult> LoadAsync(this IOnlineStore store, IAsyncEnumerable<LatestRow> rows, LoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(rows);
        return await new OnlineLoader(store, options ?? new()).LoadAsync(rows, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Unloads latest of a feature set from its database into the online store (O1): what was published since the last complete load, less an overlap, or everything where that is not known or not possible.
    /// When the last batch is acknowledged, the greatest published timestamp is kept in the online store as the watermark of the next load. Running it again after a failure finishes the job.
    /// </summary>
    /// <param name="store">The online store.</param>
    /// <param name="source">The store of the database.</param>
    /// <param name="set">The feature set.</param>
    /// <param name="options">Whole or not, overlap, sizes and progress.</param>
    /// <param name="cancellationToken">Watched between rows and batches.</param>
    /// <exception cref="OnlineStoreException">The online store failed. What was loaded stays, and the watermark where it was.</exception>
    /// <exception cref="StatementFailedException">The database failed.</exception>
    public static async Task<LoadResult> LoadAsync(this IOnlineStore store, FeatureStore source, FeatureSet set, LoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(set);
        return await new OnlineLoader(store, options ?? new()).LoadAsync(source, set, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The watermark of a feature set: the greatest published timestamp that the last complete load read, UTC; null where there was none.</summary>
    public static async Task<DateTimeOffset?> WatermarkAsync(this IOnlineStore store, FeatureSet set, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(set);
        return (await Watermark.ReadAsync(store, set, cancellationToken).ConfigureAwait(false))?.Published;
    }
}
