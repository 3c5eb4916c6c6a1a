namespace Distiller;

/// <summary>What an online store had for a key.</summary>
public enum OnlineStatus
{
    /// <summary>A value young enough to be served.</summary>
    Hit,

    /// <summary>A value too old to be served; the features are null.</summary>
    Expired,

    /// <summary>No value, or none any more, or a key part that is null; the features are null.</summary>
    Missing,
}
