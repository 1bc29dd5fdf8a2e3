using System.Text;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Export;

public class WritingPageTests
{
    [Fact]
    public void The_page_of_the_default_model_has_at_most_160_KB()
    {
        var network = PlainCells.Random(PortableCell.Vanilla, 1, 100, BuiltInText.Read().Vocabulary.ToString());
        Assert.InRange(Encoding.UTF8.GetByteCount(WritingPage.Write(network, "tale")), 100_000, 160_000);
    }

    [Fact]
    public void A_number_beyond_single_precision_is_refused()
    {
        var network = PlainCells.Random(PortableCell.Vanilla, 1);
        network.Parameters["W"][3] = -1e300;
        Assert.Throws<ArithmeticException>(() => WritingPage.Write(network, ""));
    }
}
