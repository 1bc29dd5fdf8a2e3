using System.Numerics;

namespace CharRnn.Rnn.Kernels;

/// <summary>Products of any size in register tiles, for one element type and register form; the bodies are emitted.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="lanes">Elements in a register.</param>
/// <param name="mostRegisters">The most registers across in a panel.</param>
/// <param name="instructionSet">The register form: Vector512, Vector256, Vector128 or Scalar.</param>
/// <param name="fixedDepths">The depths that are constants of the code; every other is a run-time value.</param>
public abstract unsafe class ProductKernels<T>(int lanes, int mostRegisters, string instructionSet, IReadOnlyList<int> fixedDepths)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements in a register.</summary>
    public int Lanes { get; } = lanes;

    /// <summary>The most registers across in a panel.</summary>
    public int MostRegisters { get; } = mostRegisters;

    /// <summary>The register form: Vector512, Vector256, Vector128 or Scalar.</summary>
    public string InstructionSet { get; } = instructionSet;

    /// <summary>The depths that are constants of the code; every other is a run-time value.</summary>
    public IReadOnlyList<int> FixedDepths { get; } = fixedDepths;

    /// <summary>output[r, :] = sum over k of left[r, k] right[k, :], or added to what is there.</summary>
    /// <param name="product">Where everything lies. Addresses are not checked.</param>
    public abstract void Multiply(in Product<T> product);

    /// <summary>Copies one register of each of some rows: what lies far apart comes close together.</summary>
    /// <param name="from">The first row's register.</param>
    /// <param name="fromRow">Elements from there to the next row's.</param>
    /// <param name="to">Where the first row's register goes.</param>
    /// <param name="toRow">Elements from there to the next row's.</param>
    /// <param name="rows">How many rows. Addresses are not checked.</param>
    public abstract void Gather(T* from, nint fromRow, T* to, nint toRow, int rows);

    /// <summary>to[:] += from[r, :] for each row r, one after the other.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="fromRow">Elements from there to the next row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="to">What they are added to.</param>
    /// <param name="registers">How many registers a row has. Addresses are not checked.</param>
    public abstract void AddRows(T* from, nint fromRow, int rows, T* to, int registers);
}

#pragma warning disable CA1051 // what kernels read in their loops are fields

/// <summary>One panel of a product: the right side lies as [parts, depth] rows of its registers, one behind the other.</summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe struct Product<T>
    where T : unmanaged
{
    /// <summary>The left side's first element.</summary>
    public T* Left;

    /// <summary>Elements from one row of the left side to the next.</summary>
    public nint LeftRow;

    /// <summary>Elements from one column of the left side to the next.</summary>
    public nint LeftStep;

    /// <summary>Columns of the left side in each part.</summary>
    public nint Depth;

    /// <summary>How many parts the depth has.</summary>
    public int Parts;

    /// <summary>Elements from the end of a part of the left side's row to the start of the next.</summary>
    public nint PartStep;

    /// <summary>The right side's panel.</summary>
    public T* Right;

    /// <summary>Registers across in the panel.</summary>
    public int Registers;

    /// <summary>The output's first element.</summary>
    public T* Output;

    /// <summary>Elements from one row of the output to the next.</summary>
    public nint OutputRow;

    /// <summary>Rows of the left side and the output.</summary>
    public int Rows;

    /// <summary>Whether the sums are added to what the output holds.</summary>
    public bool Accumulate;
}
#pragma warning restore CA1051
