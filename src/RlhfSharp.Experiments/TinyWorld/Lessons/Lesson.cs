using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Writes one dialogue from which the built-in world's model is to learn one thing; it learns the assistant's turns and reads the others.</summary>
/// <param name="pair">Two things that may stand together in an instruction.</param>
/// <param name="random">Decides everything else, which of the two is forbidden included.</param>
internal delegate IReadOnlyList<ChatMessage> Lesson(EntityPair pair, NamedRandom random);
