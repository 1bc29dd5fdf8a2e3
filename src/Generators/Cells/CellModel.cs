using CharRnn.Generators.Equations;

namespace CharRnn.Generators.Cells;

/// <summary>A matrix or a vector of a cell; compared by value.</summary>
/// <param name="Name">As it is declared.</param>
/// <param name="Kind">Recurrent, Input or Vector: the names of CellParameterKind.</param>
/// <param name="Start">What a vector's elements start at.</param>
internal sealed record CellField(string Name, string Kind, double Start);

/// <summary>A value of the equations that is Sigmoid(...) and no state.</summary>
/// <param name="Name">What the equations call it.</param>
/// <param name="Call">Which call of Sigmoid it is, from 0, in the order of evaluation.</param>
internal sealed record CellGate(string Name, int Call);

/// <summary>A class with [RecurrentCell], as values: nothing of the compilation is kept.</summary>
/// <param name="Namespace">Its namespace; empty for none.</param>
/// <param name="ClassName">The class.</param>
/// <param name="Accessibility">Its accessibility.</param>
/// <param name="CellName">The name in files and on the command line.</param>
/// <param name="Fields">Matrices and vectors in the order of their declaration.</param>
/// <param name="States">The names of the states.</param>
/// <param name="Gates">The gates.</param>
/// <param name="Instructions">The equations.</param>
/// <param name="Results">The instructions that are the next states.</param>
/// <param name="Source">The equations as they are written, line by line.</param>
internal sealed record CellModel(
    string Namespace,
    string ClassName,
    string Accessibility,
    string CellName,
    EquatableArray<CellField> Fields,
    EquatableArray<string> States,
    EquatableArray<CellGate> Gates,
    EquatableArray<Instruction> Instructions,
    EquatableArray<int> Results,
    EquatableArray<string> Source);
