using System.Data;
using System.Data.Common;
using Dapper;

namespace Distiller;

/// <summary>A step's typed parameters, bound as the dialect wants them.</summary>
internal sealed class StepParameters(SqlDialect dialect, IReadOnlyList<CompiledParameter> parameters, DateTime clock) : SqlMapper.IDynamicParameters
{
    public void AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        foreach (var parameter in parameters)
        {
            var bound = (DbParameter)command.CreateParameter();
            bound.ParameterName = dialect.ParameterName(parameter.Name);
            dialect.Bind(bound, parameter.Stored, parameter.IsClock ? clock : parameter.Value);
            command.Parameters.Add(bound);
        }
    }
}
