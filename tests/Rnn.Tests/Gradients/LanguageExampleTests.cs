using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Gradients;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>The snippets of docs/gradients.md as they stand there, behind a student's gradients, right and wrong.</summary>
public class LanguageExampleTests
{
    private const string Numpy = """
        import numpy as np
        def gradients(W, U, V, b, c, h0, x, y):
            h, p = [h0], []
            for t in range(len(x)):
                h.append(np.tanh(W @ h[-1] + U[:, x[t]] + b)); o = V @ h[-1] + c; e = np.exp(o - o.max()); p.append(e / e.sum())
            d = {k: np.zeros_like(v) for k, v in zip("WUVbc", [W, U, V, b, c])}; later = np.zeros_like(h0)
            for t in reversed(range(len(x))):
                g = p[t].copy(); g[y[t]] -= 1
                d["V"] += np.outer(g, h[t + 1]); d["c"] += g
                dz = (V.T @ g + later) * (1 - h[t + 1] ** 2)
                d["W"] += np.outer(dz, h[t]); d["U"][:, x[t]] += dz; d["b"] += dz; later = W.T @ dz
            return d

        """;

    private const string Octave = """
        1;
        function g = gradients(W, U, V, b, c, h0, x, y)
          T = numel(x); H = [h0, zeros(numel(h0), T)]; P = zeros(numel(c), T);
          for t = 1:T
            H(:, t + 1) = tanh(W * H(:, t) + U(:, x(t)) + b); o = V * H(:, t + 1) + c; e = exp(o - max(o)); P(:, t) = e / sum(e);
          end
          g = struct("W", 0 * W, "U", 0 * U, "V", 0 * V, "b", 0 * b, "c", 0 * c); later = 0 * h0;
          for t = T:-1:1
            d = P(:, t); d(y(t)) -= 1; g.V += d * H(:, t + 1)'; g.c += d;
            dz = (V' * d + later) .* (1 - H(:, t + 1) .^ 2); g.W += dz * H(:, t)'; g.U(:, x(t)) += dz; g.b += dz; later = W' * dz;
          end
        end

        """;

    [NumpyTheory]
    [InlineData("W.T @ dz", "W.T @ dz", null)]
    [InlineData("W.T @ dz", "W @ dz", "W transposed")]
    public void The_numpy_example_works(string right, string written, string? cause) =>
        Try("numpy", Python.Program!, [], Numpy.Replace(right, written, StringComparison.Ordinal), cause);

    [ProgramTheory("octave-cli", "--version")]
    [InlineData("g.W += dz * H(:, t)'", "g.W += dz * H(:, t)'", null)]
    [InlineData("g.W += dz * H(:, t)'", "g.W += dz * H(:, t + 1)'", "h_t for h_{t-1} in dW")]
    public void The_Octave_example_works(string right, string written, string? cause) =>
        Try("Matlab and Octave", "octave-cli", ["--norc"], Octave.Replace(right, written, StringComparison.Ordinal), cause);

    private static void Try(string heading, string program, string[] arguments, string student, string? cause)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "CharRnn.sln")))
        {
            root = root.Parent!;
        }

        var section = File.ReadAllText(Path.Combine(root.FullName, "docs", "gradients.md")).Split($"## {heading}\n")[1];
        var snippet = section.Split("```")[1];
        var folder = Directory.CreateTempSubdirectory("charrnn-example-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "case.safetensors"), GradientCaseFile.Export(GradientCase.Random(new(20, 12), 10, 0.3, 1)).ToBytes());
            File.WriteAllText(Path.Combine(folder.FullName, "student"), student + snippet[(snippet.IndexOf('\n') + 1)..]);
            var (exitCode, error) = ProgramTheoryAttribute.Run(program, [.. arguments, "student"], folder.FullName);
            Assert.True(exitCode == 0, error);
            var file = GradientCaseFile.From(SafetensorsFile.Read(Path.Combine(folder.FullName, "mine.safetensors")));
            Assert.Equal(5, file.Gradients.Count);
            var diagnosis = Diagnosis.Of(new GradientJudge(file.Case), file.Gradients);
            Assert.Equal(cause is null, diagnosis.Ok);
            Assert.Equal(cause, diagnosis.Causes is [var first, ..] ? first.Name : null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
