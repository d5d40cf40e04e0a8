namespace RlhfSharp.Experiments.Poems;

internal static partial class RhymeSounds
{
    // Words whose spelling misleads; those that are spoken in two ways stand in two lines.
    private const string IrregularWords =
        """
        UHv love dove above glove shove of
        UWv move prove improve remove approve
        IHv give forgive live
        AYv live
        AEv have
        UHm some come become
        UHn one none done son won ton
        AOn gone on upon
        EHd said dead head bread dread thread tread spread instead lead read ahead
        EHth death breath
        EHst breast abreast
        EHt sweat threat
        EHnt meant
        EHlth health wealth stealth
        EYk break steak
        EYt great
        AYt height
        AArt heart
        AArth hearth
        EHr there where everywhere somewhere nowhere their heir bear pear wear tear swear ere prayer
        IHr tear here
        ERr were her stir
        ERrth earth dearth
        ERrd heard word
        ERrch search
        ERrn learn yearn earn
        ERrl pearl earl
        IHrd beard weird
        UHd blood flood
        UUd good stood wood hood should could would
        UUt foot put soot
        UUk book look brook took cook hook nook crook shook forsook rook
        UUl wool full pull bull
        UUsh push bush
        AOr door floor poor four your pour war
        AOrn mourn warn
        AOrd board hoard ward reward toward
        OWl soul bowl roll toll scroll stroll knoll
        OWld mould
        UHch touch much such
        UHf rough tough enough
        AOf cough off
        OW though although dough sew owe bow mow below ago
        UW through to do who two you shoe too into unto
        AW now how cow bow brow plow bough plough vow allow thou endow
        AWnd wound
        UWnd wound
        IHnd wind
        AYnd wind
        AWn down town crown gown brown drown frown clown renown
        IYs these please ease breeze
        EHnd friend
        AEf laugh half calf
        IY key quay
        AY eye buy guy sky deny reply july ally
        EY they grey obey prey bouquet
        AYl aisle isle
        AAnt want
        AAsh wash
        AAch watch
        AAn swan wan
        AAnd wand
        AAt what yacht
        UHs was does us
        IHld build
        IHlt built
        OWst most post ghost host
        OWth both
        OWm comb
        UWm tomb womb
        AAm bomb
        UHnth month
        UHnt front
        UHng young tongue among
        UWs whose lose choose
        EHn again
        EYn again
        IHn been
        IYn been
        AWr our hour flour sour
        OWk folk yolk
        UWth youth
        AYr choir higher buyer liar
        AWr flower power tower shower bower
        AW-er flower power tower shower bower
        EHt forget regret beget
        IHt admit commit permit submit
        ERr refer prefer confer
        EHl hotel farewell
        AEl canal
        EHn-y any many
        AWnt-en mountain fountain
        ERt-en curtain certain
        AOth cloth moth
        EHr-y very bury
        UHn-y honey money
        UWt-y beauty
        UHth-er mother brother other another
        EHth-er weather feather leather
        EHv-en heaven seven
        EHd-o meadow
        UHv-er cover
        AOt-er daughter
        AOt-er water
        UHn-ing running
        IHt-y pretty
        IHs-y busy
        OWn-ly only
        EHs-er treasure
        EHs-er pleasure measure
        """;

    private static readonly Dictionary<string, string[]> Irregular = IrregularWords.Split('\n')
        .Select(line => line.Split(' '))
        .SelectMany(words => words.Skip(1).Select(word => (word, Sound: words[0])))
        .GroupBy(entry => entry.word)
        .ToDictionary(group => group.Key, group => group.Select(entry => entry.Sound).ToArray());
}
