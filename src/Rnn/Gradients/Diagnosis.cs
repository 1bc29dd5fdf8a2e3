using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>Judges somebody's gradients and, where they are wrong, names the mistakes that would give them.</summary>
/// <param name="Parameters">A judgement for each parameter that was given.</param>
/// <param name="Causes">The likeliest first; empty where all is right.</param>
public sealed record Diagnosis(IReadOnlyList<ParameterJudgement> Parameters, IReadOnlyList<Cause> Causes)
{
    /// <summary>How many causes are listed where none explains anything.</summary>
    private const int MostNearCauses = 3;

    /// <summary>Whether every parameter is right.</summary>
    public bool Ok => Parameters.All(parameter => parameter.Ok);

    /// <summary>What is to be said beside the verdict: convention, layout, size of the noise.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Judges the gradients of a file. Sum and mean over the chunk are both right, and so is any layout that all matrices share: the first
    /// reading of the file under which everything is right is taken, with a note; where there is none, the plain one is judged.
    /// </summary>
    /// <param name="file">The file.</param>
    public static Diagnosis Of(GradientCaseFile file)
    {
        var judges = new List<(GradientReading Reading, GradientJudge Judge)>();
        foreach (var reading in file.Readings)
        {
            var judge = new GradientJudge(reading.Case);
            var convention = file.StudentsConvention(reading.Case);
            foreach (var isMean in (bool[])[false, true])
            {
                if (reading.Case.SequenceLength == 1 && isMean)
                {
                    continue;
                }

                var factor = isMean ? reading.Case.SequenceLength : 1.0;
                var claimed = reading.Gradients.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => value * factor));
                var judgements = Array.ConvertAll([.. claimed], pair => judge.Judge(pair.Key, pair.Value));
                if (judgements.Any(judgement => !judgement.Ok || judgement.IsUncertain))
                {
                    continue;
                }

                var notes = new List<string>();
                if (reading.Note is not null)
                {
                    notes.Add(reading.Note);
                }

                if (isMean)
                {
                    notes.Add("the gradients are those of the mean loss, (1/T) sum_t -log p_t[y_t]");
                }

                if (convention is { } ofLoss && ofLoss != isMean && judge.Truth.Tensors.Any(tensor => claimed.ContainsKey(tensor.Name) && tensor.Values.Any(value => value != 0)))
                {
                    var mistake = Mistake.Catalogue.First(known => known.Name == "mean for sum");
                    var wrong = Array.ConvertAll(judgements, judgement => judgement with { Ok = judge.Truth[judgement.Name].All(value => value == 0) });
                    return new(wrong, [new(mistake.Name, isMean ? "the loss is the sum, its gradients are those of the mean" : "the loss is the mean, its gradients are those of the sum",
                        mistake.Advice, [.. wrong.Where(judgement => !judgement.Ok).Select(judgement => judgement.Name)], [], 0, 1)]) { Notes = notes };
                }

                if (file.Contradicting.Count > 0)
                {
                    return new(
                        Array.ConvertAll(judgements, judgement => judgement with { Ok = !file.Contradicting.Contains(judgement.Name) }),
                        [new("transposed against its own matrix", "the numbers are right, but rows stand where the matrix has columns", "store a gradient as its matrix is stored", file.Contradicting, [], 0, 1)]) { Notes = notes };
                }

                return new(judgements, []) { Notes = notes };
            }

            judges.Add((reading, judge));
        }

        // Wrong, however it is read: the reading under which one mistake explains most, the plain one where none does.
        Diagnosis? best = null;
        foreach (var (reading, judge) in judges)
        {
            foreach (var isMean in reading.Case.SequenceLength == 1 ? (bool[])[false] : [false, true])
            {
                var factor = isMean ? reading.Case.SequenceLength : 1.0;
                var diagnosis = Of(judge, reading.Gradients.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, value => value * factor)));
                if (best is null || Explained(diagnosis) > Explained(best))
                {
                    string?[] notes = [reading.Note, isMean ? "the gradients are taken as those of the mean loss, (1/T) sum_t -log p_t[y_t]" : null, .. diagnosis.Notes];
                    best = diagnosis with { Notes = [.. notes.OfType<string>()] };
                }
            }
        }

        return best!;
    }

    /// <summary>How well the first cause explains what is wrong: one simple mistake is more than a factor, and that more than two mistakes at once.</summary>
    private static int Explained(Diagnosis diagnosis)
    {
        if (diagnosis.Ok)
        {
            return 4;
        }

        var wrong = diagnosis.Parameters.Count(parameter => !parameter.Ok || parameter.IsUncertain);
        return diagnosis.Causes is not [var first, ..] || first.Explains.Count == 0 ? 0
            : diagnosis.Causes.SelectMany(cause => cause.Explains).Distinct().Count() < wrong ? 0
            : NoDerivation.Names.Contains(first.Name) ? 4
            : first.Explains.Count < wrong || first.Contradicts.Count > 0 ? 1
            : first.Name.Contains(" and ", StringComparison.Ordinal) || first.Name == "scaled by a constant" ? 2
            : 3;
    }

    /// <summary>Judges gradients of the sum over the chunk.</summary>
    /// <param name="judge">The truth about the chunk.</param>
    /// <param name="claimed">Gradients by parameter name; what is missing is not judged.</param>
    /// <exception cref="ArgumentException">A name or a length does not fit.</exception>
    public static Diagnosis Of(GradientJudge judge, IReadOnlyDictionary<string, double[]> claimed)
    {
        var parameters = claimed.Select(parameter => judge.Judge(parameter.Key, parameter.Value)).ToArray();
        var wrong = parameters.Where(parameter => !parameter.Ok || parameter.IsUncertain).Select(parameter => parameter.Name).ToArray();
        if (wrong.Length == 0)
        {
            return new(parameters, []);
        }

        var none = NoDerivation.Of(judge, claimed, wrong);
        if (none.Count > 0)
        {
            return new(Array.ConvertAll(parameters, parameter => none.Any(cause => cause.Explains.Contains(parameter.Name)) ? parameter with { Ok = false, IsUncertain = false } : parameter), none);
        }

        // What was not given or is right cannot speak against a cause: the truth stands in for what was not given.
        var all = judge.Truth.Clone();
        foreach (var (name, values) in claimed)
        {
            values.CopyTo(all[name], 0);
        }

        var causes = new Finder(judge, all, claimed.Keys.ToHashSet(), wrong).Find();
        if (!causes.Exists(cause => cause.Explains.Count > 0))
        {
            if (NoDerivation.Noise(judge, claimed, wrong) is { } noise)
            {
                return new(Array.ConvertAll(parameters, parameter => parameter with { Ok = true, IsUncertain = false }), [])
                {
                    Notes = [$"not to the last digit of float, but nothing more than rounding or the step of a difference: {noise:0.0E+0} of the gradient's norm"],
                };
            }

            causes = [.. NoDerivation.SingleElements(judge, claimed, wrong), .. causes];
        }

        if (parameters.Any(parameter => parameter.IsUncertain))
        {
            causes.RemoveAll(cause => cause.Explains.Count < wrong.Length || cause.Contradicts.Count > 0);
            var explained = causes.SelectMany(cause => cause.Explains).ToHashSet();
            parameters = Array.ConvertAll(parameters, parameter => parameter.IsUncertain && explained.Contains(parameter.Name)
                ? parameter with { Ok = false, IsUncertain = false }
                : parameter);
        }

        return new(parameters, causes);
    }

    /// <summary>Judges all five gradients.</summary>
    public static Diagnosis Of(GradientJudge judge, ReferenceParameters<double> claimed) =>
        Of(judge, claimed.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Values));

    private sealed class Finder(GradientJudge judge, ReferenceParameters<double> claimed, HashSet<string> given, string[] wrong)
    {
        public List<Cause> Find()
        {
            var found = new List<(Cause Cause, int Order)>();
            var forms = new List<(Mistake Mistake, MistakenGradients Form)>();
            for (var order = 0; order < Mistake.Catalogue.Count; order++)
            {
                var mistake = Mistake.Catalogue[order];
                if (mistake.IsGeneral && found.Exists(cause => IsComplete(cause.Cause)))
                {
                    continue;
                }

                var causes = new List<Cause>();
                foreach (var form in mistake.Forms(judge, claimed))
                {
                    forms.Add((mistake, form));
                    causes.Add(Compare(mistake.Name, form.Form, mistake.Advice, form.Gradients));
                }

                if (causes.Count > 0)
                {
                    found.Add((Sorted(causes.Select(cause => (cause, 0)))[0].Cause, order));
                }
            }

            if (!found.Exists(cause => IsComplete(cause.Cause)) && AnotherBatch() is { } another)
            {
                found.Add((another, found.Count));
            }

            if (!found.Exists(cause => IsComplete(cause.Cause)))
            {
                found.AddRange(Pairs(forms).Select(cause => (cause, int.MaxValue)));
            }

            var sorted = Sorted(found).Select(cause => cause.Cause).ToList();
            var explaining = sorted.Where(cause => cause.Explains.Count > 0).ToList();
            return Ranked(explaining.Count > 0 ? explaining : [.. sorted.Take(MostNearCauses)]);
        }

        private bool IsComplete(Cause cause) => cause.Explains.Count == wrong.Length && (cause.Contradicts.Count == 0 || MayBePartial(cause));

        private static bool MayBePartial(Cause cause) => Mistake.Catalogue.Any(mistake => mistake.PerParameter && mistake.Name == cause.Name);

        private Cause Compare(string name, string form, string advice, ReferenceParameters<double> mistaken)
        {
            var (explains, contradicts) = (new List<string>(), new List<string>());
            var (residual, farthest) = (0.0, 0.0);
            foreach (var tensor in mistaken.Tensors.Where(tensor => given.Contains(tensor.Name)))
            {
                var ratio = GradientMeasures.NormRatioOf(claimed[tensor.Name], tensor.Values);
                var isNear = ratio <= Math.Max(1e-5, judge.IsChaotic ? 0 : 2 * judge.AllowedNormRatio(new(tensor.Name, tensor.Shape, judge.Truth[tensor.Name])));
                if (wrong.Contains(tensor.Name))
                {
                    farthest = Math.Max(farthest, ratio);

                    // What the mistake leaves right in this case it cannot explain.
                    if (isNear && ratio < GradientMeasures.NormRatioOf(claimed[tensor.Name], judge.Truth[tensor.Name]) / 4)
                    {
                        explains.Add(tensor.Name);
                        residual = Math.Max(residual, ratio);
                    }
                }
                else if (!isNear)
                {
                    contradicts.Add(tensor.Name);
                }
            }

            return new(name, form, advice, explains, contradicts, explains.Count > 0 ? residual : farthest, 0);
        }

        /// <summary>
        /// Gradients of other characters were added, whichever they were: what is left over is itself a gradient. It
        /// reaches columns of U that this chunk does not touch, sums to zero in c and in each column of V (for p_t and the
        /// one-hot both sum to 1), and in U sums to what is left over in b.
        /// </summary>
        private Cause? AnotherBatch()
        {
            if (!claimed.Shape.IsVanilla || !((string[])["U", "V", "b", "c"]).All(name => given.Contains(name) && wrong.Contains(name)))
            {
                return null;
            }

            var (m, k) = (claimed.Shape.HiddenSize, claimed.Shape.VocabularySize);
            var rest = claimed.Clone();
            foreach (var (left, right) in rest.Tensors.Zip(judge.Truth.Tensors))
            {
                for (var i = 0; i < left.Values.Length; i++)
                {
                    left.Values[i] -= right.Values[i];
                }
            }

            var residual = Math.Abs(rest.c.Sum()) / rest.c.Sum(Math.Abs);
            var (sums, size) = (0.0, 0.0);
            for (var j = 0; j < m; j++)
            {
                var column = Enumerable.Range(0, k).Select(i => rest.V[(i * m) + j]).ToArray();
                sums += Math.Abs(column.Sum());
                size += column.Sum(Math.Abs);
            }

            residual = Math.Max(residual, sums / size);
            (sums, size) = (0.0, 0.0);
            var occurs = judge.Case.X.ToHashSet();
            var untouched = 0.0;
            for (var i = 0; i < m; i++)
            {
                var row = rest.U.AsSpan(i * k, k).ToArray();
                sums += Math.Abs(row.Sum() - rest.b[i]);
                size += row.Sum(Math.Abs);
                untouched += row.Where((_, column) => !occurs.Contains(column)).Sum(Math.Abs);
            }

            residual = Math.Max(residual, sums / size);
            if (!(residual < 1e-4) || untouched == 0)
            {
                return null;
            }

            var mistake = Mistake.Catalogue.First(known => known.Name == "gradients not zeroed between batches");
            return new(mistake.Name, "another chunk's gradients are added: what is left over is itself a gradient", mistake.Advice, [.. wrong], [], residual, 0);
        }

        private IEnumerable<Cause> Pairs(List<(Mistake Mistake, MistakenGradients Form)> forms)
        {
            var best = new List<Cause>();
            foreach (var (name, form, apply) in Mistake.Followers(judge, claimed))
            {
                foreach (var (mistake, first) in forms.Where(pair => !pair.Mistake.PerParameter))
                {
                    var pair = Compare($"{mistake.Name} and {name}", $"{first.Form}, then {form}", mistake.Advice, Mistake.Map(first.Gradients, apply));
                    if (IsComplete(pair))
                    {
                        best.Add(pair);
                    }
                }
            }

            return best.OrderBy(cause => cause.Residual).Take(MostNearCauses);
        }

        private static List<(Cause Cause, int Order)> Sorted(IEnumerable<(Cause Cause, int Order)> causes) =>
        [
            .. causes.OrderByDescending(cause => cause.Cause.Explains.Count)
                .ThenBy(cause => MayBePartial(cause.Cause) ? Math.Min(1, cause.Cause.Contradicts.Count) : 2 * cause.Cause.Contradicts.Count)
                .ThenBy(cause => Level(cause.Cause.Residual))
                .ThenBy(cause => cause.Order)
        ];

        /// <summary>Residuals within a part in a thousand of each other are of one level, and so are all that are mere rounding of double.</summary>
        private static double Level(double residual) => Math.Round(Math.Log(Math.Max(residual, 1e-11)) * 1000);

        private static List<Cause> Ranked(List<Cause> causes)
        {
            var ranked = new List<Cause>(causes.Count);
            foreach (var cause in causes)
            {
                var rank = ranked.Count + 1;
                if (ranked.Count > 0 && ranked[^1] is var last && last.Explains.SequenceEqual(cause.Explains)
                    && last.Contradicts.Count == cause.Contradicts.Count && Math.Abs(Level(last.Residual) - Level(cause.Residual)) <= 1)
                {
                    rank = last.Rank;
                }

                ranked.Add(cause with { Rank = rank });
            }

            return ranked;
        }
    }
}
