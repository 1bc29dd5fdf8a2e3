using CharRnn.Generators.Tests.Kernels;

namespace CharRnn.Generators.Tests.Cells;

/// <summary>
/// What the equations of an LSTM became, in the two register widths that most machines have, to be read in review.
/// <c>UPDATE_SNAPSHOTS=1 dotnet test tests/Generators.Tests</c> writes them anew.
/// </summary>
public sealed class CellSnapshotTests
{
    [Theory]
    [InlineData("Vector512")]
    [InlineData("Vector256")]
    public void The_emitted_LSTM_is_as_reviewed(string form) =>
        SnapshotTests.AssertSnapshot($"Lstm-{form}", CellCompilation.Emitted("Lstm", $"Lstm.Single{form}"));

    [Fact]
    public void What_surrounds_the_kernels_is_as_reviewed() =>
        SnapshotTests.AssertSnapshot("GruBefore", CellCompilation.Emitted("GruBefore", "GruBefore"));
}
