/** What is fuzzed: a parser that meets strangers, and what it may do with what they send. */
import { CertError } from '../../src/domain/errors.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateDer } from './mutate-der.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import type { Random } from './random.ts';

export type Kind = 'bytes' | 'der' | 'text' | 'json';

export interface Target {
  /** Also the folder of its corpus. */
  readonly name: string;
  readonly kind: Kind;
  /** Words that mean something to the parser. */
  readonly grammar?: readonly string[];
  /** Inputs besides those of the corpus. */
  readonly seeds?: readonly Buffer[];
  /** Where the changes begin, for messages whose head must stay what it is. */
  readonly keptBytes?: number;
  /** Needs many times as long as the others for every input, so it gets fewer. */
  readonly isExpensive?: boolean;
  /** Returns anything, or throws a refusal. A text tells one way through the parser from another. */
  parse(input: Buffer): unknown;
  /** Errors besides CertError that are refusals here. */
  readonly refusals?: readonly (abstract new (
    ...args: never[]
  ) => Error)[];
}

export function mutate(target: Target, seed: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const { kept, rest } = { kept: seed.subarray(0, target.keptBytes ?? 0), rest: seed.subarray(target.keptBytes ?? 0) };
  // One in twenty loses its head after all.
  if (target.keptBytes === undefined || random.oneIn(20)) return mutateWhole(target, seed, others, random);
  return Buffer.concat([kept, mutateWhole(target, rest, others, random)]);
}

function mutateWhole({ kind, grammar = [] }: Target, seed: Buffer, others: readonly Buffer[], random: Random): Buffer {
  switch (kind) {
    case 'bytes':
      return mutateBytes(seed, others, random);
    case 'der':
      return mutateDer(seed, others, random);
    case 'text':
      return mutateText(seed, others, random, grammar);
    case 'json':
      return mutateJson(seed, others, random, grammar);
    default:
      return kind satisfies never;
  }
}

/** What came of one input, in a few words: the same words for the same way through the parser. */
export interface Outcome {
  readonly words: string;
  /** What was thrown, where it is no refusal. */
  readonly crash?: unknown;
}

const longestMessage = 1500;

export async function run(target: Target, input: Buffer): Promise<Outcome> {
  const before = Buffer.from(input);
  const outcome = await outcomeOf(target, input);
  if (!before.equals(input)) return { words: 'changed', crash: new Error('the input was changed') };
  return outcome;
}

async function outcomeOf(target: Target, input: Buffer): Promise<Outcome> {
  try {
    const value = target.parse(input);
    const read: unknown = value instanceof Promise ? await value : value;
    return { words: typeof read === 'string' ? `read ${read}`.slice(0, 80) : 'read' };
  } catch (thrown) {
    if (target.refusals?.some((type) => thrown instanceof type) === true) return { words: 'refused' };
    if (!(thrown instanceof CertError) || thrown.code === 'internal') return { words: 'crash', crash: thrown };
    if (thrown.message.length > longestMessage) return { words: 'long', crash: new Error('a message without end') };
    return { words: wordsOf(thrown) };
  }
}

function wordsOf({ reason }: CertError): string {
  const detail = 'detail' in reason.params ? JSON.stringify(reason.params.detail).replaceAll(/\d+|\\"[^"]*"/g, '') : '';
  return `${reason.key} ${detail}`.slice(0, 80);
}
