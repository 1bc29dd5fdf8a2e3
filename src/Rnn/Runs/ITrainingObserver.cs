using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Runs;

/// <summary>Is told how a training goes. Calls come from the training's thread, which waits for their return.</summary>
public interface ITrainingObserver
{
    /// <summary>The first update is about to begin.</summary>
    /// <param name="start">Where it begins.</param>
    void Started(TrainingStart start);

    /// <summary>An update was done. This comes tens of thousands of times a second: it must cost next to nothing.</summary>
    /// <param name="progress">Where the run stands after it.</param>
    void Advanced(in TrainingProgress progress);

    /// <summary>A line of metrics was written: every log interval, which can be thousands of times a second.</summary>
    void Logged(MetricsRecord record);

    /// <summary>A sample was written.</summary>
    void Sampled(SampleRecord record);

    /// <summary>A checkpoint is about to be saved. Who keeps a log of the run has it on the disk when this returns, so that it reaches as far as the checkpoint.</summary>
    void Saving()
    {
    }

    /// <summary>Over half of the units have turned out to be lost; this comes once in a training at most.</summary>
    /// <param name="notice">What they do and what to try.</param>
    void Noticed(UnitNotice notice)
    {
    }

    /// <summary>After 10,000 updates or more the smooth loss stands above what the run began with; this comes once in a training at most.</summary>
    /// <param name="notice">How far above.</param>
    void Noticed(RiseNotice notice)
    {
    }

    /// <summary>The training has ended and everything is saved.</summary>
    void Finished(TrainingResult result);
}
