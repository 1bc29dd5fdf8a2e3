using CharRnn.Generators.Equations;

namespace CharRnn.Generators.Optimizers;

/// <summary>A class with [OptimizerRule], as values: nothing of the compilation is kept.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="ClassName">The class.</param>
/// <param name="Accessibility">Its accessibility.</param>
/// <param name="Slots">The names of the slots.</param>
/// <param name="Scalars">The names of the numbers that are the same for all weights.</param>
/// <param name="Instructions">The equations.</param>
/// <param name="Result">The instruction that is the new weight.</param>
/// <param name="NewSlots">The instructions that are the new slots.</param>
/// <param name="Source">The equations as they are written, line by line.</param>
internal sealed record OptimizerModel(
    string Namespace,
    string ClassName,
    string Accessibility,
    EquatableArray<string> Slots,
    EquatableArray<string> Scalars,
    EquatableArray<Instruction> Instructions,
    int Result,
    EquatableArray<int> NewSlots,
    EquatableArray<string> Source);
