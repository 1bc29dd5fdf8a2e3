using System.Numerics;

namespace CharRnn.Rnn.Cells;

/// <summary>
/// The pointwise part of a cell's equations and of their gradient, for one element type and register form; the bodies are emitted.
/// Products are somebody else's: phase p finds the sums of the products before it and leaves the operand of the next, p from 0.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="lanes">Elements in a register.</param>
/// <param name="instructionSet">The register form: Vector512, Vector256, Vector128 or Scalar.</param>
public abstract unsafe class CellKernels<T>(int lanes, string instructionSet)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements in a register.</summary>
    public int Lanes { get; } = lanes;

    /// <summary>The register form: Vector512, Vector256, Vector128 or Scalar.</summary>
    public string InstructionSet { get; } = instructionSet;

    /// <summary>Some units of some rows, forward.</summary>
    /// <param name="phase">Which part of the equations.</param>
    /// <param name="rows">Where everything lies. Addresses are not checked.</param>
    public abstract void Forward(int phase, in ForwardRows<T> rows);

    /// <summary>Some units of some rows, backward; the phases come in falling order.</summary>
    /// <param name="phase">Which part of the equations.</param>
    /// <param name="rows">Where everything lies. Addresses are not checked.</param>
    public abstract void Backward(int phase, in BackwardRows<T> rows);
}

#pragma warning disable CA1051 // what kernels read in their loops are fields

/// <summary>Where the forward pass finds and leaves some rows. A vector of m units takes <see cref="Stride"/> elements, padded to whole registers.</summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe struct ForwardRows<T>
    where T : unmanaged
{
    /// <summary>How many rows.</summary>
    public int Rows;

    /// <summary>The first unit, a multiple of the lanes.</summary>
    public nint First;

    /// <summary>How many registers of units.</summary>
    public int Registers;

    /// <summary>Elements from one vector of a row to the next.</summary>
    public nint Stride;

    /// <summary>The sums of the last product: for each row, for each register of units, a register for each matrix.</summary>
    public T* Products;

    /// <summary>Elements from one row of <see cref="Products"/> to the next.</summary>
    public nint ProductRow;

    /// <summary>For each row, the products with the input: a vector for each matrix.</summary>
    public T** Inputs;

    /// <summary>The cell's vectors, the same for every row.</summary>
    public T* Vectors;

    /// <summary>The states of the time step before, a vector for each.</summary>
    public T* Previous;

    /// <summary>The states of this time step, written.</summary>
    public T* Next;

    /// <summary>Elements from one row of states to the next.</summary>
    public nint StateRow;

    /// <summary>What the backward pass will need, written.</summary>
    public T* Kept;

    /// <summary>Elements from one row of <see cref="Kept"/> to the next.</summary>
    public nint KeptRow;
}

/// <summary>Where the backward pass finds and leaves some rows, laid out as in <see cref="ForwardRows{T}"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe struct BackwardRows<T>
    where T : unmanaged
{
    /// <summary>How many rows.</summary>
    public int Rows;

    /// <summary>The first unit, a multiple of the lanes.</summary>
    public nint First;

    /// <summary>How many registers of units.</summary>
    public int Registers;

    /// <summary>Elements from one vector of a row to the next.</summary>
    public nint Stride;

    /// <summary>The gradient of the first state that comes from the layer above, one vector a row.</summary>
    public T* Above;

    /// <summary>Elements from one row of <see cref="Above"/> to the next.</summary>
    public nint AboveRow;

    /// <summary>The gradients of this time step's states that come from the time step after, a vector for each.</summary>
    public T* Later;

    /// <summary>The gradients of the previous time step's states, without those that come through products; written.</summary>
    public T* Earlier;

    /// <summary>The gradients of the products' operands, one vector for each product and row, where the operand is not a state.</summary>
    public T* Operands;

    /// <summary>Elements from one row of <see cref="Operands"/> to the next.</summary>
    public nint OperandRow;

    /// <summary>The cell's vectors, the same for every row.</summary>
    public T* Vectors;

    /// <summary>The states of the time step before.</summary>
    public T* Previous;

    /// <summary>The states of this time step.</summary>
    public T* Next;

    /// <summary>Elements from one row of states to the next, also of <see cref="Later"/> and <see cref="Earlier"/>.</summary>
    public nint StateRow;

    /// <summary>What the forward pass kept.</summary>
    public T* Kept;

    /// <summary>Elements from one row of <see cref="Kept"/> to the next.</summary>
    public nint KeptRow;

    /// <summary>The gradients of the products and of the cell's vectors, written.</summary>
    public T* Gradients;

    /// <summary>Elements from one row of <see cref="Gradients"/> to the next.</summary>
    public nint GradientRow;
}
#pragma warning restore CA1051
