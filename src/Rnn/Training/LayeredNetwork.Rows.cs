namespace CharRnn.Rnn.Training;

/// <summary>
/// Where the rows lie. A row is one stream at one time step; the streams of one worker are a block, whose rows lie together, time step after
/// time step, in every buffer. What is added up over all rows takes them in the order of time steps, the streams of one side by side.
/// </summary>
public sealed unsafe partial class LayeredNetwork<T>
{
    private Rows LogitRows => new(_logits, _vocabularyStride, SequenceLength);

    private Rows AboveRows => new(_above, _stride, SequenceLength);

    /// <summary>The states before each time step, or some time steps later.</summary>
    private Rows StateRows(int layer, int later = 0) => new(_layers[layer].States, _states * _stride, SequenceLength + 1, later);

    private Rows KeptRows(int layer) => new(_layers[layer].Kept, _plan.RoomForKept * _stride, SequenceLength);

    /// <summary>In the place of what was kept, where nobody needs it any more: what lies in the nearest cache is written, and there is less of it.</summary>
    private Rows GradientRows(int layer) => KeptRows(layer).Vector(_plan.GradientsReplaceKept ? 0 : _plan.Kept, _stride);

    private Rows InputRows(int layer) => new(_layers[layer].Inputs, _plan.Inputs.Count * _stride, SequenceLength);

    /// <summary>A layer's output, which the next layer or V reads: its states h, or what dropout left of them.</summary>
    private Rows Output(int layer) => Options.Dropout > 0 ? new(_layers[layer].Dropped, _stride, SequenceLength) : StateRows(layer, later: 1);

    /// <summary>Streams whose rows lie together, time step after time step: one worker's, so that no core fetches ahead what another is writing.</summary>
    /// <param name="First">The first stream.</param>
    /// <param name="Count">How many streams.</param>
    private readonly record struct Block(int First, int Count)
    {
        /// <summary>The number of the first row at one time step, where there is room for so many time steps.</summary>
        public nint RowOf(int t, int steps) => (First * (nint)steps) + (t * (nint)Count);

        /// <summary>All rows of so many time steps.</summary>
        public Part Rows(int steps) => new(this, 0, steps * Count);
    }

    /// <summary>Some rows of a block, all that a product of all time steps needs to know.</summary>
    /// <param name="Block">The streams.</param>
    /// <param name="First">The first row.</param>
    /// <param name="Count">How many rows.</param>
    private readonly record struct Part(Block Block, int First, int Count)
    {
        /// <summary>Where the character of one of these rows stands in a chunk, which has the streams of a time step side by side.</summary>
        public int CharacterOf(int row, int streams)
        {
            var (t, stream) = Math.DivRem(First + row, Block.Count);
            return (t * streams) + Block.First + stream;
        }
    }

    /// <summary>
    /// What a worker does of a recurrence: all units of some streams, which need nobody else; or some units of all streams, where
    /// workers meet after each step.
    /// </summary>
    /// <param name="Worker">The worker's number, from 0.</param>
    /// <param name="Block">The streams.</param>
    /// <param name="Workers">How many share the units of these streams.</param>
    private readonly record struct Share(int Worker, Block Block, int Workers)
    {
        public bool IsFirstOfItsStreams => Workers == 1 || Worker == 0;

        /// <summary>Of registers, sets or panels that lie one after the other, the first that is this worker's.</summary>
        public int FirstOf(int count) => Workers == 1 ? 0 : WorkerTeam.Part(count, Workers, Worker).First;

        public int CountOf(int count) => Workers == 1 ? count : WorkerTeam.Part(count, Workers, Worker).Count;

        /// <summary>This worker's at one time step.</summary>
        public Turn TurnOf(int count, int t) => new(FirstOf(count), CountOf(count), IsBackwards: t % 2 == 1);
    }

    /// <summary>
    /// Sets or panels of a matrix in the order in which they are gone through: every second time step from the last to the first, for what one
    /// step reads last is still near when the next begins.
    /// </summary>
    /// <param name="First">The first of them.</param>
    /// <param name="Count">How many.</param>
    /// <param name="IsBackwards">Whether the last comes first.</param>
    private readonly record struct Turn(int First, int Count, bool IsBackwards)
    {
        public int At(int i) => IsBackwards ? First + Count - 1 - i : First + i;
    }

    /// <summary>A vector for each stream and time step, block by block.</summary>
    /// <param name="first">The first vector.</param>
    /// <param name="row">Elements from one row to the next.</param>
    /// <param name="steps">Time steps that there is memory for.</param>
    /// <param name="later">How many time steps the first that is meant comes after the first.</param>
    private readonly struct Rows(T* first, nint row, int steps, int later = 0)
    {
        public nint Row => row;

        /// <summary>The rows of a block's streams at one time step.</summary>
        public T* At(Block block, int t) => first + (block.RowOf(later + t, steps) * row);

        /// <summary>The first of some rows.</summary>
        public T* Of(Part part) => At(part.Block, 0) + (part.First * row);

        /// <summary>Another vector of the same rows.</summary>
        public Rows Vector(int index, nint stride) => new(first + (index * stride), row, steps, later);
    }
}
