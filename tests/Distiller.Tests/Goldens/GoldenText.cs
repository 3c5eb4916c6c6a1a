using System.Text;

namespace Distiller.Tests.Goldens;

/// <summary>What a golden holds: the text for people, the steps for machines with their parameters, or why a dialect cannot and the way out.</summary>
internal static class GoldenText
{
    public const string Gap = "-- not supported: ";

    public static string Of(GoldenCase one, SqlDialect dialect)
    {
        try
        {
            return one.IsCompiled ? Of(one.Statement().Compile(dialect)) : one.Statement().ToSql(dialect);
        }
        catch (UnsupportedByDialectException gap)
        {
            return Gap + gap.Message + "\n";
        }
    }

    private static string Of(CompiledScript script)
    {
        var text = new StringBuilder();
        foreach (var step in script.Steps)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append("-- ").Append(step.Purpose).Append('\n');
            foreach (var parameter in step.Parameters)
            {
                text.Append("-- ").Append(parameter.Name).Append(' ').Append(parameter.Type).Append(": ")
                    .Append(parameter switch
                    {
                        { IsClock: true } => "the clock",
                        { Value: DateTime instant } => Instants.Text(Instants.Microseconds(instant)),
                        _ => Convert.ToString(parameter.Value, System.Globalization.CultureInfo.InvariantCulture),
                    }).Append('\n');
            }

            text.Append(step.Text).Append(step.Terminator).Append('\n');
        }

        return text.ToString();
    }
}
