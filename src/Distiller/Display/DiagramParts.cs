using System.Globalization;

namespace Distiller;

/// <summary>A box of a diagram.</summary>
/// <param name="Column">From the left: 0 entities, 1 feature sets, 2 the training set.</param>
/// <param name="Title">What it is.</param>
/// <param name="Lines">What it holds.</param>
internal sealed record DiagramBox(int Column, string Title, ValueList<string> Lines);

/// <summary>A line from one box to another, by their places in the list.</summary>
internal sealed record DiagramLink(int From, int To, string Label);

/// <summary>What a diagram draws, apart from how.</summary>
internal sealed record DiagramParts(ValueList<DiagramBox> Boxes, ValueList<DiagramLink> Links)
{
    private const int ShownFeatures = 12;

    public static DiagramParts Of(Diagram diagram)
    {
        var entities = diagram.Sets.Select(set => set.Entity).Distinct().ToList();
        var boxes = entities.Select(entity => new DiagramBox(0, entity.Name, ValueList<string>.Of(entity.Keys.Select(key => $"{key.Name} {key.Type}")))).ToList();
        var links = new List<DiagramLink>();
        foreach (var set in diagram.Sets)
        {
            links.Add(new(entities.IndexOf(set.Entity), boxes.Count, ""));
            var features = set.Features.Select(feature => $"{feature.Name} {feature.Type}").ToList();
            IEnumerable<string> age = set.MaximumAge is { } limit ? [$"max age {WhyWords.Show(limit)}"] : [];
            IEnumerable<string> more = features.Count > ShownFeatures ? [string.Create(CultureInfo.InvariantCulture, $"… {features.Count - ShownFeatures} more")] : [];
            boxes.Add(new(1, set.Name, ValueList<string>.Of(features.Take(ShownFeatures).Concat(more).Concat(age).Append($"history {set.HistoryTable}"))));
        }

        if (diagram.Training is { } training)
        {
            var spine = training.Spine.Table is { } table ? table.ToString() : training.Spine.QueryText is not null ? "a query" : "rows in memory";
            var knowledge = training.Knowledge switch
            {
                Knowledge.AtInstant => $"known at {Instants.Text(Instants.Microseconds(training.KnowledgeInstant!.Value))} UTC",
                Knowledge.AtEvent => "known at each row's instant",
                _ => "known today",
            };
            foreach (var join in training.Joins)
            {
                var keys = join.Set.Entity.Keys.Select((key, i) => key.Name == join.SpineKeys[i] ? key.Name : $"{key.Name} = {join.SpineKeys[i]}");
                links.Add(new(entities.Count + diagram.Sets.ToList().IndexOf(join.Set), boxes.Count, $"{join.Prefix} on {string.Join(", ", keys)}"));
            }

            boxes.Add(new(2, "training set", ValueList<string>.Of([$"spine {spine}", $"as of {training.Spine.InstantColumn.Name}{(training.IsStrict ? ", strictly before" : "")}", knowledge])));
        }

        return new(ValueList<DiagramBox>.Of(boxes), ValueList<DiagramLink>.Of(links));
    }

    public string ToText()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        for (var i = 0; i < Boxes.Count; i++)
        {
            var box = Boxes[i];
            text.WriteLine($"{box.Column switch { 0 => "entity ", 1 => "feature set ", _ => "" }}{box.Title}");
            foreach (var line in box.Lines)
            {
                text.WriteLine("  " + line);
            }

            foreach (var link in Links.Where(link => link.To == i))
            {
                text.WriteLine($"  <- {Boxes[link.From].Title}{(link.Label.Length > 0 ? $" as {link.Label}" : "")}");
            }
        }

        return text.ToString();
    }
}
