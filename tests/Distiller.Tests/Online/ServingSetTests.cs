namespace Distiller.Tests.Online;

/// <summary>The joins of a training set as a value (P12).</summary>
public sealed class ServingSetTests
{
    private static readonly Entity User = Entity.Create("user").Key<long>("user_id");

    private static readonly FeatureSet Clicks = User.FeatureSet("clicks").Feature<int>("clicks").Feature<string>("page").MaxAge(TimeSpan.FromDays(1));

    private static readonly FeatureSet Spend = User.FeatureSet("spend").Feature<double>("spend_7d");

    private static ServingSet Serving(FeatureSet? clicks = null, string prefix = "sender", string key = "sender_id", string[]? features = null, TimeSpan? maxAge = null) => Spine.From("labels")
        .Join(clicks ?? Clicks, features ?? ["page", "clicks"], prefix, new Dictionary<string, string> { ["user_id"] = key }, maxAge)
        .Join(Spend)
        .Serve("model");

    [Fact]
    public void P12_training_and_serving_share_one_declaration()
    {
        var serving = Serving();
        var training = Spine.From("labels").At("label_ts").Columns("sender_id", "user_id", "label_ts").Join(serving);
        Assert.Equal(["sender__page", "sender__clicks", "spend__spend_7d"], serving.Columns);
        Assert.Equal(serving.Joins, training.Joins);
        Assert.Equal(serving, training.KnownAtEvent().OrderBy("label_ts").Serve("model"));
        Assert.Equal(serving.Fingerprint, training.Serve("another name").Fingerprint);

        var shortNamed = Spine.From("labels").Join(Clicks).ShortNames().Serve("short");
        Assert.Equal(["clicks", "page"], shortNamed.Columns);
        Assert.True(Spine.From("labels").Join(shortNamed).HasShortNames);
        Assert.Throws<ArgumentException>(() => Spine.From("labels").Join(Spend).Join(shortNamed));
        Assert.Throws<ArgumentException>(() => Spine.From("labels").Join(serving).Join(serving));
        Assert.Throws<ArgumentException>(() => ServingSet.Of("twice", Clicks, Clicks));
        Assert.Throws<ArgumentException>(() => ServingSet.Of("none"));
    }

    [Fact]
    public void P12_the_fingerprint_changes_with_everything_a_model_sees_and_with_nothing_else()
    {
        var own = Serving().Fingerprint;
        Assert.StartsWith("0f8b279317d7fa4e782e1ac36e047dce9c8dabbb6fc9939dff", own, StringComparison.Ordinal);
        Assert.Equal(64, own.Length);
        Assert.Equal(own, Serving(Clicks.Describe("for people").Latest("elsewhere")).Fingerprint);
        ServingSet[] others =
        [
            Serving(prefix: "receiver"), Serving(key: "user_id"), Serving(features: ["clicks", "page"]), Serving(features: ["page"]), Serving(maxAge: TimeSpan.FromHours(1)),
            Serving(Clicks.MaxAge(TimeSpan.FromDays(2))), Serving(Clicks.Sparse()),
            Serving(User.FeatureSet("clicks").Feature<long>("clicks").Feature<string>("page").MaxAge(TimeSpan.FromDays(1))),
            Serving(User.FeatureSet("clicks2").Feature<int>("clicks").Feature<string>("page").MaxAge(TimeSpan.FromDays(1))),
            Serving(Entity.Create("user").Key<int>("user_id").FeatureSet("clicks").Feature<int>("clicks").Feature<string>("page").MaxAge(TimeSpan.FromDays(1))),
            Spine.From("labels").Join(Spend).Join(Clicks, ["page", "clicks"], "sender", new Dictionary<string, string> { ["user_id"] = "sender_id" }).Serve("model"),
            Spine.From("labels").Join(Clicks, ["page", "clicks"], "sender", new Dictionary<string, string> { ["user_id"] = "sender_id" }).Join(Spend).ShortNames().Serve("model"),
        ];
        Assert.Equal(others.Length + 1, others.Select(other => other.Fingerprint).Append(own).Distinct().Count());
        Assert.All(others, other => Assert.Throws<InvalidOperationException>(() => other.Check(own)));
        Assert.All(others, other => Assert.Throws<InvalidOperationException>(() => other.Check(Serving().ToJson())));
    }

    [Fact]
    public void P12_what_is_kept_beside_a_model_is_checked_and_the_differences_are_named()
    {
        var kept = Serving().ToJson();
        Serving().Check(kept);
        Serving().Check(Serving().Fingerprint.ToUpperInvariant() + "\n");
        Assert.Equal(kept, Serving().ToJson());
        Assert.Contains("\"max_age_us\": 86400000000", kept, StringComparison.Ordinal);

        var changed = Assert.Throws<InvalidOperationException>(() => Serving(features: ["page", "clicks"], clicks: User.FeatureSet("clicks").Feature<long>("clicks").Feature<string>("page")).Check(kept));
        Assert.Contains("joins[0].features[1].type was \"int32\" and is \"int64\"", changed.Message, StringComparison.Ordinal);
        Assert.Contains("joins[0].max_age_us was 86400000000 and is not there any more", changed.Message, StringComparison.Ordinal);

        var forged = Assert.Throws<InvalidOperationException>(() => Serving(prefix: "other").Check(kept.Replace("sender__", "other__", StringComparison.Ordinal)));
        Assert.Contains("the text was changed", forged.Message, StringComparison.Ordinal);
        foreach (var wrong in new[] { "{", "{}", "abc", "[1]", kept.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal) })
        {
            Assert.Throws<ArgumentException>(() => Serving().Check(wrong));
        }
    }

    [Fact]
    public async Task O6_a_list_of_sets_that_changes_is_read_as_it_is_now()
    {
        var store = new InMemoryOnlineStore();
        var sets = new[] { Clicks, Spend };
        Assert.Equal(["clicks__clicks", "clicks__page", "spend__spend_7d"], (await store.GetAsync(new { user_id = 1 }, sets)).Columns);
        Assert.Equal(["clicks__clicks", "clicks__page", "spend__spend_7d"], (await store.GetAsync(new { user_id = 1 }, sets)).Columns);
        sets[0] = Clicks.Feature<bool>("more");
        Assert.Equal(["clicks__clicks", "clicks__page", "clicks__more", "spend__spend_7d"], (await store.GetAsync(new { user_id = 1 }, sets)).Columns);
        List<FeatureSet> list = [Clicks];
        Assert.Equal(2, (await store.GetAsync(new { user_id = 1 }, list)).Columns.Count);
        list.Add(Spend);
        Assert.Equal(3, (await store.GetAsync(new { user_id = 1 }, list)).Columns.Count);
        list.RemoveAt(0);
        Assert.Equal(["spend__spend_7d"], (await store.GetAsync(new { user_id = 1 }, list)).Columns);
    }
}
