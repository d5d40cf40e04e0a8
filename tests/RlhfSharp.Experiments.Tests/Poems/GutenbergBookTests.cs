using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Poems;

public sealed class GutenbergBookTests
{
    private const string Book = """
        The Project Gutenberg EBook of Small Verses

        *** START OF THIS PROJECT GUTENBERG EBOOK SMALL
        VERSES ***

        Produced by nobody



        SMALL VERSES

        CONTENTS

            The Gate      1
            The Well      2
            The Mill      3

        PREFACE.

        These verses were written by one who had little to say and who said it at
        length, in lines that go on from one to the next without a capital, as
        prose does.



        THE GATE.

        The _gate_ is old, the gate is red,
          It opens to the lane;

        And all who ever went ahead
          Come back to it again.



        [Illustration]



        THE WELL.

        [Illustration]

        I.

        1 The well is deep, the well is round,
        Its water makes a little sound,[1]

        II.

        2 And if you listen you may hear
        The name of every passing year.

        [1] A small one.



        PART THE SECOND.



        THE MILL.

        The mill goes round in wind and rain and never has a day of rest at
            all, so they say,
        And nobody comes.

        *** END OF THIS PROJECT GUTENBERG EBOOK SMALL VERSES ***

        Licence
        and more of it
        """;

    [Fact]
    public void Split_SmallBook_GivesItsPoems() => Assert.Equal(
        [
            ("THE GATE", "The gate is old, the gate is red,\nIt opens to the lane;\n\nAnd all who ever went ahead\nCome back to it again."),
            ("THE WELL", "The well is deep, the well is round,\nIts water makes a little sound,\n\nAnd if you listen you may hear\nThe name of every passing year."),
            ("THE MILL", "The mill goes round in wind and rain and never has a day of rest at all, so they say,\nAnd nobody comes."),
        ],
        GutenbergBook.Split("small.txt", Book));

    [Theory]
    [InlineData("Some text\nwithout a header", "'b.txt' is no book of Project Gutenberg: no line '*** START OF")]
    [InlineData("*** START OF THIS PROJECT GUTENBERG EBOOK X ***\n\na\nb", "no line '*** END OF ...' after the start")]
    [InlineData("*** START OF THIS PROJECT GUTENBERG EBOOK X ***\n\n*** END OF THIS PROJECT GUTENBERG EBOOK X ***", "'b.txt' holds no poem")]
    [InlineData("", "is no book")]
    public void Split_NoBook_SaysWhatIsMissing(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => GutenbergBook.Split("b.txt", text)).Message, StringComparison.Ordinal);

    // Numbers of poems, and one poem by its title and first line. A book's true number is in the comment where it is known.
    [Theory]
    [InlineData("ballad-coleridge-pg151.txt", 7, "PART THE SECOND", "The Sun now rose upon the right:")]               // 7 parts
    [InlineData("ballad-wilde-pg301.txt", 11, "IV", "There is no chapel on the day")]                                   // two versions; the file lacks one heading
    [InlineData("common-metre-dickinson-pg12242.txt", 449, "SIMPLICITY", "How happy is the little stone")]
    [InlineData("free-verse-whitman-pg1322.txt", 389, "Song of Myself", "I celebrate myself, and sing myself,")]
    [InlineData("hymns-watts-pg13341.txt", 368, "Frailty and Folly", "How short and hasty is our life!")]                // 370 headings, some of them over one hymn
    [InlineData("limericks-lear-pg13646.txt", 113, null, "There was an Old Man of Dundee,")]                            // 112 and one at the beginning
    [InlineData("limericks-lear-pg982.txt", 113, "37", "There was an Old Person of Basing,")]
    [InlineData("nonsense-lear-pg13650.txt", 221, "THE OWL AND THE PUSSY-CAT", "The Owl and the Pussy-Cat went to sea")]
    [InlineData("songs-blake-pg1934.txt", 47, "THE LAMB", "Little lamb, who made thee?")]
    [InlineData("sonnets-browning-pg2002.txt", 44, "XLIII", "How do I love thee?  Let me count the ways.")]             // 44
    [InlineData("sonnets-shakespeare-pg1041.txt", 154, "XVIII", "Shall I compare thee to a summer's day?")]            // 154
    [InlineData("verses-stevenson-pg136.txt", 65, "Happy Thought", "The world is so full of a number of things,")]
    public void Split_RealBooks(string file, int count, string? title, string firstLine)
    {
        var path = TestFiles.SharedData("gutenberg-poems", file);
        var poems = PoemFiles.Read(path);

        Assert.Contains(poems, poem => poem.Title == title && poem.Text.StartsWith(firstLine, StringComparison.Ordinal));
        Assert.Equal(count, poems.Count);
        Assert.All(poems, poem =>
        {
            Assert.DoesNotContain("Gutenberg", poem.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("[Illustration", poem.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(poem.Text, character => character is '\r' or '_');
            Assert.True(poem.Text.Split('\n').Length >= 2);
        });
    }
}
