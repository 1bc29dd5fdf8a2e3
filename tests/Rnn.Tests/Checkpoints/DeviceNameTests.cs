using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Tests.Checkpoints;

public class DeviceNameTests
{
    [Theory]
    [InlineData("con", "con")]
    [InlineData("runs/NUL", "NUL")]
    [InlineData(@"runs\aux.safetensors", "aux.safetensors")]
    [InlineData("Prn .txt/report.html", "Prn .txt")]
    [InlineData("a/com1", "com1")]
    [InlineData("lpt³", "lpt³")]
    [InlineData("CONOUT$", "CONOUT$")]
    [InlineData("con:", "con:")]
    [InlineData("runs/confession", null)]
    [InlineData("com", null)]
    [InlineData("com10", null)]
    [InlineData("lptx", null)]
    [InlineData("run1", null)]
    [InlineData("my.con", null)]
    [InlineData("nul l", null)]
    [InlineData("../.con", null)]
    [InlineData("", null)]
    public void Devices_of_Windows_are_known(string path, string? expected) => Assert.Equal(expected, DeviceName.In(path));
}
