namespace CharRnn.AotCli.Tests.Runs;

public sealed class PermissionTests : ProcessFixture
{
    private const string Small = "--hidden 8 --seq-length 10 --sample-every 0 --quiet";
    private const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [BoundByPermissionsFact]
    public void What_may_not_be_read_or_written_is_one_line_and_is_left_as_it_is()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run --steps 5 {Small}").ExitCode);
        var last = Last("run");

        File.Copy(InFolder("text.txt"), InFolder("secret.txt"));
        Forbid("secret.txt");
        AssertOneLine(2, Bound("train secret.txt --out x"), "secret.txt may not be read: permission denied");

        Directory.CreateDirectory(InFolder("texts/secrets"));
        File.Copy(InFolder("text.txt"), InFolder("texts/text.txt"));
        Forbid("texts/secrets");
        AssertOneLine(2, Bound("train texts --out x"), "texts/secrets may not be read: permission denied");
        AssertOneLine(2, Bound("train texts/secrets --out x"), "texts/secrets may not be read: permission denied");
        Allow("texts/secrets");

        Forbid("run/best.safetensors");
        AssertOneLine(2, Bound("train text.txt --init run/best.safetensors --out x"), "run/best.safetensors cannot be read");
        AssertOneLine(2, Bound("sample run/best.safetensors"), "run/best.safetensors cannot be read");
        Allow("run/best.safetensors");

        Forbid("run/last.safetensors");
        AssertOneLine(2, Bound("train --resume run --steps 10"), "run/last.safetensors may not be read: permission denied");
        Allow("run/last.safetensors");

        foreach ((var name, var arguments, var exitCode) in new[] { ("run/.lock", "train --resume run --steps 10", 1), ("run/config.json", "train --resume run --steps 10", 1), ("run/config.json", "report run", 2) })
        {
            Forbid(name);
            AssertOneLine(exitCode, Bound(arguments), $"{name}' is denied");
            Allow(name);
        }

        // A folder that may not be entered is not said to lack what is in it.
        SetMode("run", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AssertOneLine(2, Bound("report run"), "run/config.json' is denied: change its permissions");
        Allow("run");

        // A folder that may be read but not written.
        SetMode("run", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        AssertOneLine(1, Bound("train --resume run --steps 10"), "denied");
        AssertOneLine(1, Bound("train text.txt --out run/inner"), "denied");
        AssertOneLine(1, Bound("report run"), ".html cannot be written: permission denied; charrnn report RUN --out FILE");
        AssertOneLine(1, Bound("gradcheck --hidden 3 --vocabulary 4 --export run/case"), "run/case cannot be written: permission denied; give --export");
        Allow("run");

        Assert.False(Path.Exists(InFolder("x")));
        Assert.Equal(last, Last("run"));
        Assert.Equal(0, Bound("train --resume run --steps 10 --quiet").ExitCode);
    }

    private (int ExitCode, string Output, string Error) Bound(string arguments) => BoundByPermissionsFactAttribute.Charrnn(Root, arguments);

    private void Forbid(string name) => SetMode(name, UnixFileMode.None);

    private void Allow(string name) => SetMode(name, All);

    private void SetMode(string name, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(InFolder(name), mode);
        }
    }
}
