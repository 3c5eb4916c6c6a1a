namespace Distiller;

/// <summary>How a value shows in a notebook: .NET Interactive finds this attribute and the types behind it by their names and the shape of their members, so that nothing of it is referenced.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[]? PreferredMimeTypes { get; set; } = [NotebookFormats.Html, NotebookFormats.Plain];
}
