namespace CharRnn.Rnn.Runs;

/// <summary>Is told how a training goes. Calls come from the training's thread, which waits for their return.</summary>
public interface ITrainingObserver
{
    /// <summary>The first update is about to begin.</summary>
    /// <param name="start">Where it begins.</param>
    void Started(TrainingStart start);

    /// <summary>A line of metrics was written: every log interval, which can be thousands of times a second.</summary>
    void Logged(MetricsRecord record);

    /// <summary>A sample was written.</summary>
    void Sampled(SampleRecord record);

    /// <summary>The training has ended and everything is saved.</summary>
    void Finished(TrainingResult result);
}
