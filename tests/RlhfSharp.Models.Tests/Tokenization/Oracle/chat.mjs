// Writes what @huggingface/jinja makes of the chat templates of well-known models, for ChatOracleTests.cs. Run by hand, never by a build, after generate.mjs:
//
//   npm i --prefix SCRATCH @huggingface/tokenizers@0.2.0 @huggingface/jinja@0.5
//   node tests/RlhfSharp.Models.Tests/Tokenization/Oracle/chat.mjs SCRATCH ../shared/data
//
// chat.json has the dialogues, and of each template where it comes from, which of our formats it is (null: none), and what it makes of each dialogue without
// and with the marker of an answer: a text, or null where it raises an exception; with ids where a tokenizer of its kind is here. The templates are those of
// the models' tokenizer_config.json.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [scratch, data] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(path.resolve(scratch, "node_modules/@huggingface", file)));
const { Template } = await load("jinja/dist/index.js");
const { Tokenizer } = await load("tokenizers/dist/tokenizers.mjs");
const tokenizerOf = (file) => new Tokenizer(JSON.parse(fs.readFileSync(file, "utf8")), {});
const sentencePiece = tokenizerOf(path.join(scratch, "mistral/tokenizer.json"));
const byteLevel = tokenizerOf(path.join(data, "gptneox-tokenizer/20B_tokenizer.json"));

const [system, user, assistant] = ["system", "user", "assistant"].map((role) => (content) => ({ role, content }));
const dialogues = [
  [user("Hi")],
  [user("Hello, how are you?"), assistant("I'm doing great.")],
  [user("Hello, how are you?"), assistant("I'm doing great. How can I help?"), user("Tell me\na story.\n\nA long one!")],
  [system("You answer in the style of a pirate."), user("Wie spät ist es?")],
  [system("Be brief."), user("1+1?"), assistant("2"), user("And 2+2? 🦙"), assistant("4, of course.")],
  [system("Be brief."), user("1+1?"), assistant("2"), user("2+2?"), assistant("4"), user("4+4?")],
  [system(" Be brief. \n"), user("\n 1+1? "), assistant(" 2\n"), user("\t2+2?\n\n")],   // white space at the ends, which some templates take away
  [user("  1+1?"), assistant("\n2 "), user("thanks  ")],
  [user("Hi"), user("Hi?")],
  [assistant("Hi"), user("Hello")],
];
const hasSpaceAtEnds = (dialogue) => dialogue.some(({ content }) => content !== content.trim());

const llama2 = (bos, set, loop) => `${bos}{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}${set}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}${loop}{% endfor %}`;
const mistral2023 = (end) => `{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token${end}}}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}`;
const llama3 = (end) => `{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}${end}`;
const qwen = (words) => `{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n${words}<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`;

const templates = [
  { model: "teknium/OpenHermes-2.5-Mistral-7B", format: "chatml", ids: byteLevel, template: "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}" },
  { model: "cognitivecomputations/dolphin-2.5-mixtral-8x7b", format: "chatml", template: "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}" },
  { model: "Qwen/Qwen2-7B-Instruct", format: "qwen", ids: byteLevel, template: qwen("You are a helpful assistant.") },
  { model: "meta-llama/Llama-2-13b-chat-hf", format: "llama-2", bos: "<s>", eos: "</s>", ids: sentencePiece, template: llama2("", "", "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}") },
  { model: "meta-llama/Meta-Llama-3-8B-Instruct", format: "llama-3", bos: "<|begin_of_text|>", eos: "<|eot_id|>", template: llama3("{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}") },
  { model: "mistralai/Mistral-7B-Instruct-v0.2", format: "mistral", bos: "<s>", eos: "</s>", ids: sentencePiece, template: "{%- if messages[0]['role'] == 'system' %}\n    {%- set system_message = messages[0]['content'] %}\n    {%- set loop_messages = messages[1:] %}\n{%- else %}\n    {%- set loop_messages = messages %}\n{%- endif %}\n\n{{- bos_token }}\n{%- for message in loop_messages %}\n    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\n        {{- raise_exception('After the optional system message, conversation roles must alternate user/assistant/user/assistant/...') }}\n    {%- endif %}\n    {%- if message['role'] == 'user' %}\n        {%- if loop.first and system_message is defined %}\n            {{- ' [INST] ' + system_message + '\\n\\n' + message['content'] + ' [/INST]' }}\n        {%- else %}\n            {{- ' [INST] ' + message['content'] + ' [/INST]' }}\n        {%- endif %}\n    {%- elif message['role'] == 'assistant' %}\n        {{- ' ' + message['content'] + eos_token}}\n    {%- else %}\n        {{- raise_exception('Only user and assistant roles are supported, with the exception of an initial optional system message!') }}\n    {%- endif %}\n{%- endfor %}\n" },
  { model: "mistralai/Mixtral-8x7B-Instruct-v0.1, as published", format: "mistral-2023", bos: "<s>", eos: "</s>", ids: sentencePiece, template: mistral2023("") },
  { model: "HuggingFaceH4/zephyr-7b-beta", format: "zephyr", eos: "</s>", ids: sentencePiece, template: "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}" },

  // Relatives that write something else.
  { model: "TheBloke/Mistral-7B-Instruct-v0.1-GPTQ", format: null, bos: "<s>", eos: "</s>", template: mistral2023(" + ' '") },
  { model: "Llama 3 as it was first published", format: null, bos: "<|begin_of_text|>", template: llama3("{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}") },
  { model: "bofenghuang/vigogne-2-70b-chat", format: null, bos: "<s>", eos: "</s>", template: llama2("{{ bos_token }}", "{% elif true == true and not '<<SYS>>' in messages[0]['content'] %}{% set loop_messages = messages %}{% set system_message = 'Vous êtes Vigogne, un assistant IA créé par Zaion Lab. Vous suivez extrêmement bien les instructions. Aidez autant que vous le pouvez.' %}", "{% if message['role'] == 'user' %}{{ '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'system' %}{{ '<<SYS>>\\n' + content.strip() + '\\n<</SYS>>\\n\\n' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}") },
  { model: "Qwen/Qwen1.5-0.5B-Chat", format: null, template: qwen("You are a helpful assistant") },
  { model: "HuggingFaceTB/SmolLM2-1.7B-Instruct", format: null, template: qwen("You are a helpful AI assistant named SmolLM, trained by Hugging Face") },
  { model: "HuggingFaceH4/zephyr-7b-gemma-v0.1", format: null, bos: "<bos>", eos: "<eos>", template: "{% if messages[0]['role'] == 'user' or messages[0]['role'] == 'system' %}{{ bos_token }}{% endif %}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% elif messages[-1]['role'] == 'assistant' %}{{ eos_token }}{% endif %}" },
  { model: "microsoft/Phi-3-small", format: null, eos: "<|endoftext|>", template: "{{ bos_token }}{% for message in messages %}{{'<|' + message['role'] + '|>' + '\n' + message['content'] + '<|end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}" },
  { model: "google/gemma-7b-it", format: null, template: "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}" },
  { model: "OrionStarAI/Orion-14B-Chat", format: null, bos: "<s>", eos: "</s>", template: "{% for message in messages %}{% if loop.first %}{{ bos_token }}{% endif %}{% if message['role'] == 'user' %}{{ 'Human: ' + message['content'] + '\n\nAssistant: ' + eos_token }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% endif %}{% endfor %}" },
];

const render = ({ template, bos = "", eos = "", ids }, dialogue, add_generation_prompt) => {
  let text;
  try {
    text = new Template(template).render({ messages: dialogue, add_generation_prompt, bos_token: bos, eos_token: eos });
  } catch (error) {
    if (!/roles must alternate|roles are supported/.test(error.message)) throw error;
    return { text: null };
  }
  // An answer that begins with white space makes tokens across its border, which training does not want; those texts go without ids.
  return { text, ids: ids && !hasSpaceAtEnds(dialogue) ? ids.encode(text, { add_special_tokens: false }).ids : undefined };
};

const result = {
  dialogues,
  templates: templates.map((entry) => ({
    model: entry.model,
    format: entry.format,
    template: entry.template,
    bos: entry.bos ?? "",
    eos: entry.eos ?? "",
    tokenizer: entry.ids === sentencePiece ? "mistral" : entry.ids === byteLevel ? "neox" : null,
    renderings: entry.format === null ? [] : dialogues.map((dialogue) => [render(entry, dialogue, false), render(entry, dialogue, true)]),
  })),
};
fs.writeFileSync(path.join(import.meta.dirname, "chat.json"), JSON.stringify(result, null, 1).replace(/\[\s+([\d,\s]+?)\s+\]/g, (_, ids) => `[${ids.replace(/\s+/g, "")}]`) + "\n");
