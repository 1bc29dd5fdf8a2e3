namespace CharRnn.Rnn.Reference;

/// <summary>Arrays that are used again: what was taken in one time step is free when the next but one begins.</summary>
internal sealed class LaneMemory
{
    private readonly Dictionary<int, Stack<double[]>> _free = [];
    private List<double[]> _taken = [];
    private List<double[]> _before = [];

    /// <summary>A time step begins.</summary>
    public void Turn()
    {
        (_taken, _before) = (_before, _taken);
        foreach (var array in _taken)
        {
            _free[array.Length].Push(array);
        }

        _taken.Clear();
    }

    /// <summary>An array that holds anything.</summary>
    public double[] Take(int length)
    {
        if (!_free.TryGetValue(length, out var free))
        {
            _free.Add(length, free = new());
        }

        var array = free.Count > 0 ? free.Pop() : new double[length];
        _taken.Add(array);
        return array;
    }

    /// <summary>An array of zeros.</summary>
    public double[] TakeZeros(int length)
    {
        var array = Take(length);
        Array.Clear(array);
        return array;
    }

    /// <summary>What a time step leaves to the next: the array itself where it was taken in this time step, else a copy that was.</summary>
    public double[] Kept(double[] array)
    {
        if (_taken.Contains(array))
        {
            return array;
        }

        var copy = Take(array.Length);
        array.CopyTo(copy, 0);
        return copy;
    }
}
