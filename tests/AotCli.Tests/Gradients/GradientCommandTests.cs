using System.Buffers.Binary;
using System.Text.Json;
using CharRnn.AotCli.Tests.Runs;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Properties;

namespace CharRnn.AotCli.Tests.Gradients;

/// <summary><c>gradcheck</c> and <c>diagnose</c> as a script meets them: exit codes, one line for bad input, JSON.</summary>
public sealed class GradientCommandTests : ProcessFixture
{
    private const string Small = "gradcheck --hidden 5 --vocabulary 7 --seq-length 6 --cases 3";

    [Fact]
    public void Gradcheck_passes_on_its_own_gradients_and_says_so_as_JSON_too()
    {
        var (exitCode, output, _) = Charrnn(Small);
        Assert.True(exitCode == 0, output);
        (exitCode, output, _) = Charrnn($"{Small} --json");
        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
    }

    [Fact]
    public void The_exercise_of_2026_is_checked_at_ten_hidden_units_on_its_mean_loss_and_what_is_given_overrides_it()
    {
        var (exitCode, output, _) = Charrnn("gradcheck --preset adam --vocabulary 7 --cases 0 --json");
        Assert.Equal(0, exitCode);
        Assert.Contains("\"hidden\":10,", output);
        Assert.Contains("\"loss\":\"mean\"", output);
        (exitCode, output, _) = Charrnn($"{Small} --preset adam --loss sum --json");
        Assert.Equal(0, exitCode);
        Assert.Contains("\"hidden\":5,", output);
        Assert.Contains("\"loss\":\"sum\"", output);
    }

    /// <summary>Files of students that 0.1.0 called by a wrong name or refused.</summary>
    [Theory]
    [InlineData("all-zero", 1, "1. all zero (every element is 0)")]
    [InlineData("rounding-noise", 0, "nothing more than rounding")]
    [InlineData("column-major", 0, "note: the gradients are stored by columns (column-major), the matrices are not")]
    [InlineData("nan", 1, "1. not a number (1 NaN and 0 infinite of 4 elements, the first at [0, 0])")]
    [InlineData("recurrent-term-without-slope", 1, "1. recurrent term without its slope")]
    [InlineData("column-bias", 0, "note: vectors are stored as matrices: grad.b [2,1], grad.c [3,1]")]
    public void What_students_have_sent_is_judged_right_and_called_by_its_name(string file, int exitCode, string line)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Gradients", "Cases", file + ".safetensors"), InFolder("case.safetensors"));
        var result = Charrnn("diagnose case.safetensors");
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(line, result.Output);
        Assert.DoesNotContain("  2. ", result.Output);
    }

    /// <summary>The program, which is the native one where that is tested, draws what this process draws.</summary>
    [Fact]
    public void A_seed_draws_the_same_cases_in_the_native_binary()
    {
        foreach (var seed in (ulong[])[0, 7, ulong.MaxValue])
        {
            using var json = JsonDocument.Parse(Charrnn($"{Small} --seed {seed} --json").Output);
            var last = string.Join(',', Counterexample.Draw(PropertyCase.Numbers, seed).ElementAt(2));
            Assert.Equal(last, json.RootElement.GetProperty("last_case").GetString());
            Assert.Contains("holds", Charrnn($"gradcheck --replay dual:{last}").Output);
        }
    }

    [Fact]
    public void Right_gradients_are_0_wrong_ones_1_and_the_parameter_is_named()
    {
        Assert.Equal(0, Charrnn($"{Small} --export case.safetensors").ExitCode);
        var (exitCode, output, _) = Charrnn("diagnose case.safetensors");
        Assert.Equal(0, exitCode);
        Assert.Contains("all right", output);

        Change("grad.U", values => BinaryPrimitives.WriteDoubleLittleEndian(values, BinaryPrimitives.ReadDoubleLittleEndian(values) + 1));
        (exitCode, output, _) = Charrnn("diagnose changed.safetensors");
        Assert.Equal(1, exitCode);
        Assert.Contains("WRONG", Assert.Single(output.Split('\n'), line => line.Contains("grad.U ")));
        Assert.Equal(1, output.Split('\n').Count(line => line.Contains("WRONG")));
        (exitCode, output, _) = Charrnn("diagnose changed.safetensors --json");
        Assert.Equal(1, exitCode);
        JsonDocument.Parse(output).Dispose();
    }

    [Fact]
    public void Input_that_is_wrong_is_one_line()
    {
        Assert.Equal(0, Charrnn($"{Small} --export case.safetensors").ExitCode);
        File.WriteAllBytes(InFolder("short.safetensors"), File.ReadAllBytes(InFolder("case.safetensors"))[..^1]);
        Change("x", values => BinaryPrimitives.WriteInt64LittleEndian(values, 99));
        Assert.Equal(0, Charrnn("train text.txt --out run --steps 1 --hidden 4 --quiet").ExitCode);
        foreach ((var arguments, var part) in new[]
        {
            ("diagnose none", "none"), ("diagnose .", "."), ("diagnose text.txt", "not a safetensors file"), ("diagnose short.safetensors", "cut short or damaged"),
            ("diagnose changed.safetensors", "x"), ("diagnose run/last.safetensors", "no tensor h0"), ("gradcheck --hidden 0", "at least 1"), ("gradcheck --hidden 513", "at most 512"),
            ("gradcheck --replay dual:x", "--replay takes"), ("gradcheck --replay none:1,2", "there is no property"), ("gradcheck --cases -1", "at least 0"), ("gradcheck --step 0", "--step"),
        })
        {
            AssertOneLine(2, Charrnn(arguments), part);
        }
    }

    /// <summary>The case with one tensor changed, as changed.safetensors.</summary>
    private void Change(string name, Action<byte[]> change)
    {
        var file = SafetensorsFile.Read(InFolder("case.safetensors"));
        var data = Assert.Single(file.Tensors, tensor => tensor.Name == name).Data;
        var bytes = data.ToArray();
        change(bytes);
        bytes.CopyTo(data);
        File.WriteAllBytes(InFolder("changed.safetensors"), file.ToBytes());
    }
}
