using System.Buffers;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>A printed statement's comments hold the user's names, and none can end its comment.</summary>
public sealed class CommentsTests
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create('\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029');

    [Fact]
    public void A_comment_cannot_be_left()
    {
        foreach (var name in HostileNames.Short)
        {
            var set = Entity.Create(name).Key<int>("k" + name).FeatureSet(name).Feature<int>("f" + name);
            var drop = Entity.Create("e").Key<int>("k").FeatureSet(name).Feature<int>("drop").Existing(name).WithoutCreatedTime().Shaped(new() { HasRowId = true });
            foreach (var dialect in SqlDialect.All)
            {
                foreach (var statement in new Statement[]
                {
                    CreateTables.For(set, drop), DropTables.For(set, drop), Publish.From(set, name), Latest.Of(drop), Unload.Of(set), Unload.Of(drop, DateTimeOffset.UnixEpoch),
                    Spine.From("t").At(name).Join(set, prefix: name).Join(drop, prefix: "d").KnownAt(DateTimeOffset.UnixEpoch), Spine.Rows(new[] { new { k = 1, event_timestamp = DateTimeOffset.UnixEpoch } }).Join(drop),
                })
                {
                    foreach (var comment in statement.ToSql(dialect).Split('\n').Where(line => line.StartsWith("--", StringComparison.Ordinal)))
                    {
                        Assert.Equal(-1, comment.AsSpan().IndexOfAny(LineEnds));
                        Assert.StartsWith("-- ", comment, StringComparison.Ordinal);
                    }
                }
            }
        }
    }

    /// <summary>Every line of a golden that is no comment is SQL: outside quotes, nothing of it is a comment.</summary>
    [Fact]
    public void A_comment_stands_on_a_line_of_its_own()
    {
        foreach (var one in GoldenCases.All.Where(one => !one.IsCompiled && one.Statement() is not (TrainingSet { Spine.QueryText: not null } or Publish { QueryText: not null })))
        {
            foreach (var dialect in SqlDialect.All)
            {
                Assert.All(GoldenText.Of(one, dialect).Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)), line => Assert.DoesNotContain("--", line, StringComparison.Ordinal));
            }
        }
    }
}
