using System.CommandLine;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf convert-tokenizer</c>: makes a <c>tokenizer.json</c> of a SentencePiece model.</summary>
internal sealed class ConvertTokenizerCommand : RlhfCommand
{
    // What a converted tokenizer is saved as; the last only where the model has such a file.
    private static readonly string[] Written = ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"];

    private readonly Option<string> _model = new("--model")
    {
        Description = "A folder with a tokenizer.model or spm.model, such a file whatever it is called, or a run.",
        HelpName = "DIR|FILE",
        Required = true,
    };

    private readonly Option<string> _output = new("--output") { Description = "The folder for tokenizer.json and tokenizer_config.json.", HelpName = "DIR", Required = true };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace these files where the folder has them." };

    public ConvertTokenizerCommand()
        : base("convert-tokenizer", "Make a tokenizer.json, which Hugging Face's fast tokenizers read, of a SentencePiece model.")
    {
        foreach (var option in new Option[] { _model, _output, _overwrite })
        {
            Add(option);
        }
    }

    protected override int Run(CommandContext context)
    {
        var (model, output) = (context.Value(_model)!, context.Value(_output)!);
        if (!context.Value(_overwrite) && Array.Find(Written, name => Path.Exists(Path.Combine(output, name))) is { } there)
        {
            throw new InputException($"'{Path.Combine(output, there)}' exists. Replace it by --overwrite, or name another folder for --output.");
        }
        var tokenizer = TokenizerConverter.Convert(File.Exists(model) ? model : CheckpointPath.Resolve(model));
        SafeDirectory.Create(output);
        tokenizer.Save(output);
        if (context.Json)
        {
            context.WriteJson(new JsonObject { ["path"] = output, ["tokens"] = tokenizer.VocabularySize });
            return ExitCodes.Done;
        }
        context.Output.WriteLine($"{tokenizer.VocabularySize} tokens: '{Path.Combine(output, Written[0])}'");
        return ExitCodes.Done;
    }
}
