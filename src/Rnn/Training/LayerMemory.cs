namespace CharRnn.Rnn.Training;

/// <summary>Where one layer's parameters, gradients and transposed copies lie.</summary>
internal sealed unsafe class LayerMemory<T>(
    PanelLayout[] recurrentLayouts,
    int[][] recurrentSets,
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

    /// <summary>For each operand, how many registers of units are multiplied before the cell's equations run on them.</summary>
    public IReadOnlyList<int[]> RecurrentSets => recurrentSets;

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
