using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Tests.Checkpoints;

public class MetadataDictionaryTests
{
    [Fact]
    public void Strings_come_back_in_their_order()
    {
        KeyValuePair<string, string>[] entries = [new("b", "é"), new("a", "")];
        var metadata = new MetadataDictionary(entries);
        Assert.Equal(entries, metadata);
        Assert.Equal(entries, ((System.Collections.IEnumerable)metadata).Cast<KeyValuePair<string, string>>());
        Assert.Equal(["b", "a"], metadata.Keys);
        Assert.Equal(["é", ""], metadata.Values);
        Assert.Equal((2, "é"), (metadata.Count, metadata["b"]));
        Assert.Equal((true, false), (metadata.ContainsKey("a"), metadata.ContainsKey("A")));
        Assert.True(metadata.TryGetValue("b", out var value));
        Assert.Equal("é", value);
        Assert.False(metadata.TryGetValue("c", out value));
        Assert.Null(value);
    }

    [Fact]
    public void A_key_that_stands_twice_and_half_a_character_are_refused()
    {
        Assert.StartsWith("'a' stands twice", Assert.Throws<ArgumentException>(() => new MetadataDictionary([new("a", "1"), new("a", "2")])).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => new MetadataDictionary([new("a", "\ud800")]));
    }
}
