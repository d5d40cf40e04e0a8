using System.Reflection;
using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Reads recipes: YAML bound to a sealed record with documented <c>init</c> properties.</summary>
/// <remarks>
/// Keys are the properties' names in camel case, names of enumerations are written in kebab case, and a single value may stand for a list of
/// one. Where a property's type is an abstract record, the key <c>kind</c> chooses the record that carries that
/// <see cref="Training.RecipeKindAttribute"/>. A <see cref="System.Text.Json.Nodes.JsonObject"/> takes any section as it is. Ranges, lengths,
/// patterns and allowed values come from the attributes of System.ComponentModel.DataAnnotations; a record that is an
/// <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/> is asked for the rest.
/// <para>Overrides are what stands behind <c>--set</c>: <c>KEY=VALUE</c>, where the value is YAML, missing sections are made, and <c>null</c> takes
/// a setting out (one that may be empty becomes empty, any other gets its default). Another <c>kind</c> starts its section anew.</para>
/// <para>YAML anchors and aliases work. Merge keys, tags and a second document are errors, and so is what exceeds 1 MiB, 32 levels or
/// 100,000 values, aliases written out.</para>
/// </remarks>
public static class RecipeReader
{
    /// <summary>Reads a recipe from a file.</summary>
    /// <typeparam name="T">The recipe's type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="overrides">What stands behind <c>--set</c>, in order; later ones win.</param>
    /// <param name="kinds">Assemblies with further kinds; those of <typeparamref name="T"/> and of each abstract record are searched anyway.</param>
    /// <returns>The recipe, all settings checked.</returns>
    /// <exception cref="RecipeException">The recipe has errors; all of them are told.</exception>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static T Read<T>(string path, IReadOnlyList<string> overrides, IReadOnlyList<Assembly>? kinds = null)
        where T : class => Parse<T>(ReadText(path), path, overrides, kinds);

    /// <summary>Reads a recipe from text.</summary>
    /// <typeparam name="T">The recipe's type.</typeparam>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <param name="overrides">See <see cref="Read"/>.</param>
    /// <param name="kinds">See <see cref="Read"/>.</param>
    /// <returns>The recipe, all settings checked.</returns>
    /// <exception cref="RecipeException">The recipe has errors; all of them are told.</exception>
    public static T Parse<T>(string yaml, string fileName, IReadOnlyList<string> overrides, IReadOnlyList<Assembly>? kinds = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var shape = ShapeCatalog.For(typeof(T), kinds).Record(typeof(T));
        var errors = new RecipeErrors();
        var recipe = YamlReader.ReadFile(yaml, fileName, errors) is { } file
            ? new RecipeBinder(errors).Bind(Overrides.Apply(file, overrides, errors), shape)
            : null;
        errors.ThrowIfAny();
        return (T)recipe!;
    }

    /// <exception cref="InputException">The file cannot be read.</exception>
    internal static string ReadText(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            // One byte more than a recipe may have, and then no further: the file may be a device without end.
            var bytes = new byte[YamlReader.MaxCharacters + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length == bytes.Length)
            {
                throw new InputException($"'{path}' has more than the {YamlReader.MaxCharacters} bytes that a recipe may have.");
            }
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            return text.TrimStart('\uFEFF');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"The recipe '{path}' does not exist.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The recipe '{path}' could not be read: {exception.Message}", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException($"'{path}' is not a recipe: it holds bytes that are not UTF-8 text.", exception);
        }
    }
}
