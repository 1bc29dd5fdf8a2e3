using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Equations;

/// <summary>Something in the equations is not understood.</summary>
internal sealed class EquationException(Location location, string message) : Exception(message)
{
    /// <summary>Where it stands.</summary>
    public Location Location { get; } = location;
}
