using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Distiller;

/// <summary>The checksum of rows read by the client, for engines that have no hash: a sum of the first 60 bits of the SHA-256 of each row's values as text, each by its length apart from the next.</summary>
internal sealed class RowSum
{
    public const string Algorithm = "sha256-60-sum-1";

    private UInt128 sum;

    public long Rows { get; private set; }

    public void Add(IEnumerable<object?> row)
    {
        var text = string.Concat(row.Select(value => value is null ? "-" : Of(value) is var shown ? string.Create(CultureInfo.InvariantCulture, $"{shown.Length}:{shown}") : ""));
        sum += BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) >> 4;
        Rows++;
    }

    public override string ToString() => sum.ToString(CultureInfo.InvariantCulture);

    private static string Of(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime instant => Instants.Microseconds(instant).ToString(CultureInfo.InvariantCulture),
        DateOnly day => Instants.Microseconds(day).ToString(CultureInfo.InvariantCulture),
        double number => (number + 0).ToString("R", CultureInfo.InvariantCulture),
        float number => (number + 0).ToString("R", CultureInfo.InvariantCulture),
        decimal number => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        float[] vector => string.Join(',', vector.Select(item => (item + 0).ToString("R", CultureInfo.InvariantCulture))),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
