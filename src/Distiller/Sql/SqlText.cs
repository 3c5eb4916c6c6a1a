using System.Globalization;
using System.Text;

namespace Distiller;

/// <summary>Whether values stand in the text or beside it.</summary>
internal enum SqlStyle
{
    /// <summary>For people: values are literals.</summary>
    Literals,

    /// <summary>For machines: values are typed parameters.</summary>
    Parameters,

    /// <summary>For another query builder, which makes parameters of its own: the places of text and plain numbers are kept, all else is a literal.</summary>
    Places,
}

/// <summary>A place where a value goes, by its offset in the text.</summary>
internal sealed record SqlPlace(int Offset, object Value);

/// <summary>The text of one statement as it grows, and the parameters it has taken. The only owner of a <see cref="StringBuilder"/>.</summary>
internal sealed class SqlText(SqlStyle style)
{
    private const int Indent = 2;

    private readonly StringBuilder text = new(1024);
    private readonly List<CompiledParameter> parameters = [];
    private readonly List<SqlPlace> places = [];
    private int depth;

    public SqlStyle Style => style;

    public IReadOnlyList<CompiledParameter> Parameters => parameters;

    /// <summary>The places that were kept, in order; the text has nothing there.</summary>
    public IReadOnlyList<SqlPlace> Places => places;

    public SqlText Add(string part)
    {
        text.Append(part);
        return this;
    }

    public SqlText Add(char part)
    {
        text.Append(part);
        return this;
    }

    public SqlText Add(long number)
    {
        text.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    /// <summary>An identifier between quotes, with quotes inside doubled.</summary>
    public SqlText AddQuoted(string name, char quote)
    {
        text.Append(quote);
        if (name.Contains(quote, StringComparison.Ordinal))
        {
            foreach (var c in name)
            {
                text.Append(c);
                if (c == quote)
                {
                    text.Append(quote);
                }
            }
        }
        else
        {
            text.Append(name);
        }

        text.Append(quote);
        return this;
    }

    /// <summary>A comment line of its own; line ends inside become blanks, so that it cannot end early.</summary>
    public SqlText AddComment(string line)
    {
        text.Append("-- ").Append(line.ReplaceLineEndings(" ")).Append('\n');
        return this;
    }

    public SqlText Line()
    {
        text.Append('\n').Append(' ', depth * Indent);
        return this;
    }

    public void In() => depth++;

    public void Out() => depth--;

    /// <summary>Takes a parameter and returns its name, without the dialect's marker.</summary>
    public string Take(StoredType type, object? value, bool isClock = false)
    {
        foreach (var known in parameters)
        {
            if (known.Stored == type && known.IsClock == isClock && Equals(known.Value, value))
            {
                return known.Name;
            }
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"p{parameters.Count + 1}");
        parameters.Add(new(name, type, value, isClock));
        return name;
    }

    public void AddPlace(object value) => places.Add(new(text.Length, value));

    public override string ToString() => text.ToString();
}
