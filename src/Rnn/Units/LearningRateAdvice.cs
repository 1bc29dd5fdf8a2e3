using System.Globalization;

namespace CharRnn.Rnn.Units;

/// <summary>
/// Which learning rate to try where AdaGrad's first updates have thrown the weights too far. The first moves every weight of W by eta, nearly all in step, so that
/// W's norm becomes about eta m; from 10 on the state often turns by itself, at 5 not half of its units did in any run that was tried (bench/advice.sh).
/// </summary>
public static class LearningRateAdvice
{
    private const double GoodProduct = 5;

    /// <summary>The learning rate to try: at most half of the present one, and eta m at most about 5.</summary>
    /// <param name="eta">The learning rate that the run began with.</param>
    /// <param name="hiddenSize">m.</param>
    /// <returns>The nearest round number: 1, 2, 3 or 5 times a power of ten.</returns>
    public static double Try(double eta, int hiddenSize)
    {
        var wanted = Math.Min(eta / 2, GoodProduct / hiddenSize) ;
        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        var factor = (wanted / power) switch { >= 7.1 => 10, >= 3.9 => 5, >= 2.45 => 3, >= 1.42 => 2, _ => 1 };
        return double.Parse((factor * power).ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
