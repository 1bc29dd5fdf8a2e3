namespace CharRnn.Rnn.Kernels;

public abstract unsafe partial class RecurrentKernels<T>
{
    /// <summary>Kernels that run other kernels, each call between what a deriving class does before and after it.</summary>
    /// <param name="inner">The kernels that are run.</param>
    public abstract class Wrapper(RecurrentKernels<T> inner) : RecurrentKernels<T>(inner.Layout, inner.InstructionSet, inner.IsFixedSize)
    {
#pragma warning disable CS1591 // as in the class around this one
        protected override void Forward(T* W, T* U, T* b, T* h, int* x, int steps) => inner.Forward(W, U, b, h, x, steps);

        protected override void Logits(T* VT, T* c, T* h, T* o, int steps) => inner.Logits(VT, c, h, o, steps);

        protected override double SoftmaxLoss(T* o, int* y, int steps) => inner.SoftmaxLoss(o, y, steps);

        protected override void HiddenGradient(T* V, T* g, T* dh, int steps) => inner.HiddenGradient(V, g, dh, steps);

        protected override void Backward(T* W, T* h, T* dh, int steps) => inner.Backward(W, h, dh, steps);

        protected override void UpdateV(T* h, T* g, T* VT, T* sums, int steps, AdagradRule<T> rule) => inner.UpdateV(h, g, VT, sums, steps, rule);

        protected override void Transpose(T* VT, T* V) => inner.Transpose(VT, V);

        protected override void UpdateW(T* dz, T* h, T* W, T* sums, T* spread, int steps, AdagradRule<T> rule) =>
            inner.UpdateW(dz, h, W, sums, spread, steps, rule);

        protected override void UpdateColumn(T* dz, int t, int* next, T* column, T* sums, AdagradRule<T> rule) =>
            inner.UpdateColumn(dz, t, next, column, sums, rule);

        protected override void UpdateRow(T* rows, int steps, int stride, T* weights, T* sums, AdagradRule<T> rule) =>
            inner.UpdateRow(rows, steps, stride, weights, sums, rule);
#pragma warning restore CS1591
    }
}
