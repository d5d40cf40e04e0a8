using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;
using Spectre.Console;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf data poems</c>: splits books of poems, reads labelled ones, and says how their labels and the judges of form agree.</summary>
internal sealed class DataPoemsCommand : RlhfCommand
{
    private const int TableWidth = 120;   // names of forms are not to be cut where the output is a file

    private readonly Argument<string[]> _files = new("files")
    {
        Description = "Books of poems by Project Gutenberg as plain text; or JSON lines with form, text and perhaps title.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = new("--out") { Description = "The file of JSON lines to write.", Required = true };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the file if it exists." };

    public DataPoemsCommand()
        : base("poems", "Write a collection of poems from books and labelled rows, one poem per line.")
    {
        Add(_files);
        Add(_out);
        Add(_overwrite);
    }

    protected override int Run(CommandContext context)
    {
        var path = context.Value(_out)!;
        OutputFile.Require(path, context.Value(_overwrite));
        var files = context.Value(_files)!;
        if (files.CountBy(file => Path.GetFileNameWithoutExtension(file)!).FirstOrDefault(count => count.Value > 1).Key is { } twice)
        {
            throw new InputException($"Two of the files are called '{twice}', and their poems would have the same ids. Rename one, or leave it out.");
        }
        var poems = new List<PoemRecord>();
        using (var progress = new ShareProgress(context.Error, "reading"))
        {
            foreach (var (index, file) in files.Index())
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                poems.AddRange(PoemFiles.Read(file));
                progress.Report((index + 1.0) / files.Length);
            }
        }
        PoemFiles.Write(path, poems);
        Show(context, path, poems);
        return ExitCodes.Done;
    }

    private static void Show(CommandContext context, string path, List<PoemRecord> poems)
    {
        var confusion = new FormConfusion();
        foreach (var poem in poems.Where(poem => poem.IsLabelled))
        {
            confusion.Add(poem.Form, FormJudge.Judge(poem.Text).Form);
        }
        var judged = poems.Where(poem => !poem.IsLabelled).CountBy(poem => poem.Form).OrderByDescending(count => count.Value).ToList();
        if (context.Json)
        {
            context.WriteJson(new JsonObject
            {
                ["file"] = path,
                ["poems"] = poems.Count,
                ["sources"] = Counts(poems.CountBy(poem => poem.Source)),
                ["judged"] = Counts(judged),
                ["confusion"] = new JsonObject(confusion.Labels.Select(label => KeyValuePair.Create(
                    label, (JsonNode?)Counts(Enum.GetValues<PoemForm>().Select(form => KeyValuePair.Create(FormName(form), confusion[label, form])))))),
            });
            return;
        }
        context.Output.WriteLine($"{path}: {poems.Count} poems.");
        foreach (var (source, count) in poems.CountBy(poem => poem.Source))
        {
            context.Output.WriteLine($"  {count,5}  {source}");
        }
        if (judged.Count > 0)
        {
            context.Output.WriteLine($"Books, judged: {string.Join(", ", judged.Select(count => $"{count.Value} {count.Key}"))}.");
        }
        if (confusion.Labels.Count > 0)
        {
            context.Output.WriteLine("As labelled, and as judged:");
            var table = new Table().AddColumn("label").AddColumn(new TableColumn("poems").RightAligned());
            table.AddColumns([.. Enum.GetValues<PoemForm>().Select(form => new TableColumn(FormName(form)).RightAligned())]);
            foreach (var label in confusion.Labels)
            {
                var counts = Enum.GetValues<PoemForm>().Select(form => confusion[label, form]).ToList();
                table.AddRow([Markup.Escape(label), .. counts.Prepend(counts.Sum()).Select(count => count.ToString(CultureInfo.InvariantCulture))]);
            }
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Output) });
            console.Profile.Width = Math.Max(console.Profile.Width, TableWidth);
            console.Write(table);
        }
    }

    private static JsonObject Counts(IEnumerable<KeyValuePair<string, int>> counts) => new(counts.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value)));

    private static string FormName(PoemForm form) => form.ToString().ToLowerInvariant();
}
