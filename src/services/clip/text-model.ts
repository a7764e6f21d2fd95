import { AutoTokenizer, CLIPTextModelWithProjection, Tensor } from '@xenova/transformers';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TextBatch, TextWorkerData } from './encoder-messages.js';
import { openSession, tryTower, unloadable, vectorsOf, type LoadedTower, type Session } from './open-session.js';

type TextSession = Session<{ input_ids: Tensor; attention_mask: Tensor }>;

/** Turns a text into the ids of its tokens, no more of them than the model looks at. */
type Tokenize = (text: string) => readonly number[];

/** `max_position_embeddings` of Hugging Face's `CLIPTextConfig`, which configurations leave out where it is this. */
const USUAL_CONTEXT = 77;

/**
 * Loads the text tower of a model, with its tokenizer, and tries it on a word.
 *
 * @throws ModelLoadError
 */
export async function loadTextModel(settings: TextWorkerData): Promise<LoadedTower<TextBatch>> {
  const tokenize = await loadTokenizer(settings.folder);
  const session: TextSession = await openSession(CLIPTextModelWithProjection, settings);
  return tryTower(async (batch) => run(session, tokenize, batch), { texts: ['photograph'] });
}

/**
 * One text after the other. Together they would have to be brought to one length, which costs what it saves, and some models
 * take the filling for a part of the text.
 */
async function run(session: TextSession, tokenize: Tokenize, { texts }: TextBatch): Promise<Float32Array> {
  const vectors: Float32Array[] = [];
  for (const text of texts) {
    const ids = tokenize(text);
    const { text_embeds: embeds } = await session({ input_ids: row(ids), attention_mask: row(ids.map(() => 1)) });
    vectors.push(vectorsOf(embeds, { name: 'text_embeds', count: 1 }));
  }
  return joined(vectors);
}

function row(values: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const length = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * length);
  vectors.forEach((vector, index) => all.set(vector, index * length));
  return all;
}

async function loadTokenizer(folder: string): Promise<Tokenize> {
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
    const context = Math.min(await contextOf(folder), tokenizer.model_max_length as number);
    return (text) => {
      const { input_ids: ids } = tokenizer(text, { return_tensor: false });
      return cutTo(context, ids, tokenizer.all_special_ids);
    };
  } catch (error) {
    throw unloadable(error);
  }
}

async function contextOf(folder: string): Promise<number> {
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    text_config?: { max_position_embeddings?: number };
  };
  return config.text_config?.max_position_embeddings ?? USUAL_CONTEXT;
}

/**
 * Cuts the text, and not the token that says where it ends: CLIP's vector of a text is what the model makes of that one. The
 * library's own truncation cuts it off.
 */
function cutTo(context: number, ids: readonly number[], special: readonly number[]): readonly number[] {
  const end = ids.at(-1);
  if (ids.length <= context) return ids;
  return end !== undefined && special.includes(end) ? [...ids.slice(0, context - 1), end] : ids.slice(0, context);
}
