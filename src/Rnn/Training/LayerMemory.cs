namespace CharRnn.Rnn.Training;

/// <summary>Where one layer's parameters, gradients and transposed copies lie.</summary>
internal sealed unsafe class LayerMemory<T>(
    PanelLayout[] recurrentLayouts,
    UnitSet[][] recurrentSets,
    nint[] recurrent,
    PanelLayout[] recurrentCopyLayouts,
    nint[] recurrentCopies,
    PanelLayout? inputLayout,
    nint input,
    PanelLayout? inputCopyLayout,
    nint inputCopy,
    nint vectors,
    T* weights,
    T* gradients,
    T* copies)
    where T : unmanaged
{
    /// <summary>For each operand of the cell, how the matrices that are multiplied with it lie: rows interleaved by register of units.</summary>
    public IReadOnlyList<PanelLayout> RecurrentLayouts => recurrentLayouts;

    /// <summary>For each operand, the units that are multiplied before the cell's equations run on them.</summary>
    public IReadOnlyList<UnitSet[]> RecurrentSets => recurrentSets;

    public Addresses Recurrent { get; } = new(weights, recurrent);

    public Addresses RecurrentGradients { get; } = new(gradients, recurrent);

    public IReadOnlyList<PanelLayout> RecurrentCopyLayouts => recurrentCopyLayouts;

    public Addresses RecurrentCopies { get; } = new(copies, recurrentCopies);

    /// <summary>How the matrices on the layer below lie; null in the first layer, whose one-hot input selects a column.</summary>
    public PanelLayout? InputLayout => inputLayout;

    public T* Input => weights + input;

    public T* InputGradient => gradients + input;

    public PanelLayout? InputCopyLayout => inputCopyLayout;

    public T* InputCopy => copies + inputCopy;

    public T* Vectors => weights + vectors;

    public T* VectorGradients => gradients + vectors;

    /// <summary>Several places in one memory.</summary>
    internal readonly struct Addresses(T* memory, nint[] offsets)
    {
        public T* this[int index] => memory + offsets[index];
    }
}

/// <summary>Units whose products stand in whole panels.</summary>
/// <param name="First">Their first register.</param>
/// <param name="Registers">How many registers of units.</param>
/// <param name="Panels">The panels of all their matrices.</param>
internal sealed record UnitSet(int First, int Registers, PanelLayout.Panel[] Panels);
