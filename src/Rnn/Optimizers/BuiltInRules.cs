namespace CharRnn.Rnn.Optimizers;

/// <summary>The rules that come with the program.</summary>
public static class BuiltInRules
{
    /// <summary>The names of all of them, the first is the one that the textbook exercise uses.</summary>
    public static IReadOnlyList<string> Names { get; } = ["adagrad", "adam", "sgd"];

    /// <summary>A new rule of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static OptimizerRule Create(string name) => name switch
    {
        "adagrad" => new Adagrad(),
        "adam" => new Adam(),
        "sgd" => new Sgd(),
        _ => throw new ArgumentException($"The optimisers are {string.Join(", ", Names)}; there is no {name}.", nameof(name)),
    };
}
