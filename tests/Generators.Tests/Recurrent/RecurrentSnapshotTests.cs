using CharRnn.Generators.Emission;
using CharRnn.Generators.Recurrent;
using CharRnn.Generators.Tests.Kernels;

namespace CharRnn.Generators.Tests.Recurrent;

/// <summary>
/// The emitted class of the textbooks' network in the two register widths that most machines have, to be read in review.
/// <c>UPDATE_SNAPSHOTS=1 dotnet test tests/Generators.Tests</c> writes them anew.
/// </summary>
public sealed class RecurrentSnapshotTests
{
    [Theory]
    [InlineData("Vector512")]
    [InlineData("Vector256")]
    public void The_emitted_class_is_as_reviewed(string formName)
    {
        var form = VectorForm.All.Single(candidate => candidate.Name == formName);
        var shape = new FixedShape(100, 75);
        var model = new RecurrentModel("Demo", "Updates", "internal", RecurrentCompilation.Cell, RecurrentCompilation.Rule, new([shape]));
        SnapshotTests.AssertSnapshot($"Recurrent-100x75-{formName}", RecurrentEmitter.Emit(model, new RecurrentVariant(shape, ElementType.Single, form)));
    }
}
