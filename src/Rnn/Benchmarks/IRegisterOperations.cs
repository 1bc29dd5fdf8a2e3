using System.Numerics;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>The few operations on one register that the processor's limits are measured with, so that each measurement is written once for every width.</summary>
/// <typeparam name="TRegister">A vector of T.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface IRegisterOperations<TRegister, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bits of a register.</summary>
    static abstract int Bits { get; }

    /// <summary>Every lane the same.</summary>
    static abstract TRegister Broadcast(double value);

    /// <summary>A register from memory.</summary>
    static abstract TRegister Load(T* address);

    /// <summary>A register to memory.</summary>
    static abstract void Store(TRegister value, T* address);

    /// <summary>x y + sum, rounded once.</summary>
    static abstract TRegister MultiplyAdd(TRegister x, TRegister y, TRegister sum);

    /// <summary>x / sqrt(y), each exact: what AdaGrad does with each register of weights.</summary>
    static abstract TRegister DivideByRoot(TRegister x, TRegister y);
}
