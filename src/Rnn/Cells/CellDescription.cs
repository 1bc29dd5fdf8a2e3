using System.Numerics;

namespace CharRnn.Rnn.Cells;

/// <summary>A recurrent cell as the rest of the program sees it: its parameters, its equations as they are written, and its kernels.</summary>
public abstract class CellDescription
{
    /// <summary>The name in files and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The names of the states, the first of which is what the next layer and V read.</summary>
    public abstract IReadOnlyList<string> States { get; }

    /// <summary>The fields of the class, in the order of their declaration.</summary>
    public abstract IReadOnlyList<CellParameter> Parameters { get; }

    /// <summary>The gates that the equations have, in the order in which they are evaluated.</summary>
    public abstract IReadOnlyList<CellGate> Gates { get; }

    /// <summary>The statements of the cell's Step as they are written, one of them on a line.</summary>
    public abstract IReadOnlyList<string> Equations { get; }

    /// <summary>What the generator found in the equations.</summary>
    public abstract CellPlan Plan { get; }

    /// <summary>A cell over numbers of any type, whose equations can be run as they are written.</summary>
    /// <param name="matrix">The matrix of a field's name.</param>
    /// <param name="vector">The vector of a field's name.</param>
    public abstract RecurrentCell Create(Func<string, Matrix> matrix, Func<string, Vector> vector);

    /// <summary>The kernels of the equations, in every register form that the processor can run, widest first.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <exception cref="NotSupportedException">T is neither.</exception>
    public IEnumerable<CellKernels<T>> Kernels<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (IEnumerable<CellKernels<T>>)SingleKernels()
        : typeof(T) == typeof(double) ? (IEnumerable<CellKernels<T>>)DoubleKernels()
        : throw new NotSupportedException($"Kernels are emitted for float and double, not for {typeof(T).Name}.");

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>See <see cref="Kernels{T}"/>.</summary>
    protected abstract IEnumerable<CellKernels<float>> SingleKernels();

    /// <summary>See <see cref="Kernels{T}"/>.</summary>
    protected abstract IEnumerable<CellKernels<double>> DoubleKernels();
}
