using System.Globalization;
using RlhfSharp.Experiments.RewardMaps;
using RlhfSharp.Experiments.Tests.Reports;
using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>The report of a map in a real browser. What the page folds from the events must be what the program folds from them.</summary>
public sealed class MapExplorerTests(ExplorerPage page) : IClassFixture<ExplorerPage>
{
    private const string Values = "[...document.querySelectorAll('#map-explorer .explorer-map .cell')].map(cell => [cell.querySelector('b').textContent, cell.querySelector('small').textContent])";

    [Fact]
    public async Task Open_ShowsTheBestTextOfAllAsItStandsAndRunsNothingElse()
    {
        var browser = await Open();
        var best = page.Summary.State.Events.Where(one => one.Outcome.Cell is not null).MaxBy(one => one.Solution.Rewards[0])!.Solution;
        Assert.Equal(best.Text, (string)(await browser.EvaluateAsync("document.querySelector('.explorer-text blockquote').textContent"))!);
        Assert.Equal("rtl", (string)(await browser.EvaluateAsync("getComputedStyle(document.querySelector('.explorer-text blockquote')).direction"))!);
        Assert.Equal(0, (int)(await browser.EvaluateAsync("document.querySelectorAll('img').length"))!);
        Assert.Equal(2, (int)(await browser.EvaluateAsync("document.scripts.length"))!);
        Assert.False((bool)(await browser.EvaluateAsync("document.querySelector('.figures').open"))!);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Views_EveryCell_SayWhatTheProgramComputes()
    {
        var browser = await Open();
        var cells = page.Summary.State.Ledger.Cells;
        Assert.Equal(Expected(cell => cells[cell].LowerBound), await Shown(browser, "Lower bound"));
        Assert.Equal(Expected(cell => cells[cell].Mean), await Shown(browser, "Mean"));
        Assert.Equal(Expected(cell => cells[cell].ExpectedBestOf(3)), await Shown(browser, "Best of 3"));
        Assert.Equal(Expected(cell => page.Summary.Flags.Clean.GetValueOrDefault(cell)?.Solution.Rewards[0], count: page.Summary.Flags.CleanCount), await Shown(browser, "Filtered"));
        Assert.Equal(Expected(Contrast), await Shown(browser, "Contrast"));
    }

    [Fact]
    public async Task Contrast_EveryCell_ShowsTheIntervalThatTheProgramComputes()
    {
        var browser = await Open();
        var contrast = Assert.Single(RewardContrast.All([page.Summary]));
        await Shown(browser, "Contrast");
        var expected = contrast.Cells.Select(cell => cell.Interval is { } interval ? $"[{Text(interval.Low)}, {Text(interval.High)}]" : string.Empty).ToList();
        Assert.Contains(expected, text => text.Length > 0);
        const string Intervals = "[...document.querySelectorAll('#map-explorer .explorer-map .cell')].map(cell => cell.querySelector('.explorer-interval')?.textContent ?? '')";
        Assert.Equal(expected, (await browser.EvaluateAsync(Intervals))!.AsArray().Select(one => (string)one!));
        Assert.Equal(contrast.Cells.Select(cell => cell.IsSeparated), (await browser.EvaluateAsync("[...document.querySelectorAll('#map-explorer .explorer-map .cell')].map(cell => cell.textContent.includes('✓'))"))!.AsArray().Select(one => (bool)one!));

        // The other way round every end changes its sign, and in the middle of the run there are none.
        await browser.EvaluateAsync("(() => { const select = document.querySelector('.explorer-choices select'); select.value = 1; select.dispatchEvent(new Event('change')); })()");
        Assert.Equal(
            contrast.Cells.Select(cell => cell.Interval is { } interval ? $"[{Text(-interval.High)}, {Text(-interval.Low)}]" : string.Empty), (await browser.EvaluateAsync(Intervals))!.AsArray().Select(one => (string)one!));
        await browser.EvaluateAsync("(() => { const slider = document.querySelector('.explorer-time input'); slider.value = 24; slider.dispatchEvent(new Event('input')); })()");
        Assert.All((await browser.EvaluateAsync(Intervals))!.AsArray(), one => Assert.Empty((string)one!));
    }

    [Fact]
    public async Task Time_AnyStep_ShowsTheArchiveOfThen()
    {
        var browser = await Open();
        foreach (var step in new[] { 1, 5, 9 })
        {
            await browser.EvaluateAsync($"(() => {{ const slider = document.querySelector('.explorer-time input'); slider.value = {step * page.Recipe.BatchSize}; slider.dispatchEvent(new Event('input')); }})()");
            var cells = page.SummaryAfter(step).State.Ledger.Cells;
            Assert.Equal(Expected(cell => cells[cell].LowerBound, cells), await Shown(browser, "Lower bound"));
        }
        Assert.Contains("after 36 of 48 evaluations", (string)(await browser.EvaluateAsync("document.querySelector('.explorer-time output').textContent"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_ByMouseAndByKeys_OpenTheirTexts()
    {
        var browser = await Open();
        await browser.ClickAsync("[data-place=\"0,0\"]");
        Assert.Equal("haiku × happy", await Title(browser));
        await browser.PressAsync("ArrowRight");
        await browser.PressAsync("ArrowDown");
        await browser.PressAsync("Enter");
        Assert.Equal("sonnet × dark", await Title(browser));
        Assert.Equal("1,1", (string)(await browser.EvaluateAsync("document.activeElement.dataset.place"))!);   // the focus is not lost when the map is drawn anew
        var cell = page.Summary.State.Axes[1].Labels!.Count + 1;
        var expected = page.Summary.State.Events.Where(one => one.Outcome.Cell == cell).OrderByDescending(one => one.Solution.Rewards[0]).Select(one => Text(one.Solution.Rewards[0]));
        Assert.Equal(expected.Take(10), (await browser.EvaluateAsync("[...document.querySelectorAll('.explorer-list ol b')].map(value => value.textContent)"))!.AsArray().Select(value => (string)value!));
        await browser.EvaluateAsync("document.querySelector('.explorer-list ol li:nth-child(2) button').focus()");
        await browser.PressAsync("Enter");
        Assert.Equal("true", (string)(await browser.EvaluateAsync("document.activeElement.getAttribute('aria-pressed')"))!);
    }

    [Fact]
    public async Task Descent_OfAText_IsItsLineOfFirstParents()
    {
        var browser = await Open();
        var last = page.Summary.State.Events.Last(one => one.Outcome.Cell is not null && one.Solution.Parents.Count > 0).Solution;
        var line = new List<long> { last.Id };
        while (page.Summary.State.Find(line[0]).Parents is [var parent, ..])
        {
            line.Insert(0, parent);
        }
        await browser.EvaluateAsync($"(() => {{ [...document.querySelectorAll('.explorer-note button')].find(one => one.textContent === 'All texts').click(); const box = document.querySelector('.explorer-tools input'); box.value = '#{last.Id}'; box.dispatchEvent(new Event('input')); }})()");
        await browser.ClickAsync(".explorer-list ol button");
        var shown = await browser.EvaluateAsync("[...document.querySelectorAll('.explorer-chain small')].map(one => one.textContent.split(' ')[0])");
        Assert.Equal(line.Select(id => $"#{id}"), shown!.AsArray().Select(one => (string)one!));
        await browser.ClickAsync(".explorer-chain li:first-child button");
        Assert.Equal(page.Summary.State.Find(line[0]).Text, (string)(await browser.EvaluateAsync("document.querySelector('.explorer-text blockquote').textContent"))!);
    }

    [Fact]
    public async Task Tables_PressedHeading_SortsByItsNumbers()
    {
        var browser = await Open();
        const string Column = "[...[...document.querySelectorAll('main > .scroll table')].find(table => table.caption.textContent.startsWith('Every cell')).tBodies[0].rows].map(row => row.cells[2].textContent)";
        await browser.EvaluateAsync("[...document.querySelectorAll('main > .scroll table')].find(table => table.caption.textContent.startsWith('Every cell')).querySelectorAll('th button.sort')[2].click()");
        var values = (await browser.EvaluateAsync(Column))!.AsArray().Select(value => (string)value!).Where(value => value != "–").Select(value => double.Parse(value.Replace('−', '-'), CultureInfo.InvariantCulture)).ToList();
        Assert.True(values.Count > 3);
        Assert.Equal(values.Order(), values);
    }

    [Fact]
    public async Task Open_WithoutScripts_ShowsThePicturesAndTables()
    {
        var browser = await Open(scripts: false);
        Assert.True((bool)(await browser.EvaluateAsync("document.querySelector('.figures').open && document.getElementById('map-explorer').hidden"))!);
        Assert.True((bool)(await browser.EvaluateAsync("[...document.querySelectorAll('.figures svg')].every(svg => svg.getBoundingClientRect().height > 100)"))!);
        await Open();   // as the other tests expect it
    }

    private async Task<Chromium> Open(bool scripts = true)
    {
        Assert.SkipUnless(page.Browser is not null, "needs Chromium or Chrome on the path, or RLHFSHARP_CHROMIUM");
        await page.Browser!.OpenAsync(page.Report, scripts);
        return page.Browser;
    }

    private static async Task<string> Title(Chromium browser) => (string)(await browser.EvaluateAsync("document.querySelector('.explorer-list h3').textContent"))!;

    private static async Task<List<(string, string)>> Shown(Chromium browser, string view)
    {
        await browser.EvaluateAsync($"[...document.querySelectorAll('.explorer-views button')].find(one => one.textContent === '{view}').click()");
        return [.. (await browser.EvaluateAsync(Values))!.AsArray().Select(cell => ((string)cell![0]!, (string)cell[1]!))];
    }

    private List<(string, string)> Expected(Func<int, double?> value, IReadOnlyList<CellStatistics>? cells = null, Func<int, int>? count = null) =>
        [.. (cells ?? page.Summary.State.Ledger.Cells).Select((cell, index) => (value(index) is { } number ? Text(number) : string.Empty, $"N {count?.Invoke(index) ?? cell.Count}"))];

    // The mean difference of the two rewards' shares of first-phase texts.
    private double? Contrast(int cell)
    {
        var placed = page.Summary.State.Events.Where(one => one.Outcome.Cell is not null).ToList();
        var shares = Enumerable.Range(0, 2).Select(reward => new EmpiricalDistribution([.. placed.Where(one => one.Solution.Step < page.Recipe.StartSteps).Select(one => one.Solution.Rewards[reward])])).ToList();
        var inside = placed.Where(one => one.Outcome.Cell == cell).Select(one => shares[0].MidShare(one.Solution.Rewards[0]) - shares[1].MidShare(one.Solution.Rewards[1])).ToList();
        return inside.Count > 0 ? inside.Average() : null;
    }

    private static string Text(double value) => (Math.Abs(value) < 0.005 ? 0 : value).ToString("F2", CultureInfo.InvariantCulture).Replace('-', '−');
}
