namespace RlhfSharp.Experiments.Recipes;

/// <summary>Who gave a setting; the later of two wins.</summary>
internal enum Layer
{
    File,
    Variant,
    CommandLine,
}

/// <summary>Where a setting was given, for errors.</summary>
/// <param name="Place">For instance <c>recipe.yaml:15</c> or <c>--set loop.maxSteps=20</c>.</param>
/// <param name="Line">From 1; 0 on the command line.</param>
/// <param name="Layer">Who gave it.</param>
internal sealed record Origin(string Place, int Line, Layer Layer)
{
    public static Origin InFile(string fileName, long line) => new($"{fileName}:{line}", (int)line, Layer.File);

    public static Origin OnCommandLine(string argument) => new($"--set {argument}", 0, Layer.CommandLine);

    public Origin InVariant(string name) => new($"{Place}: variant '{name}'", Line, Layer.Variant);
}
