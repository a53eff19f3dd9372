/**
 * Lasting objects of the core's caches (products, accounts, chains) in answers to a front-door thread: each is sent once and is a
 * number from then on. The number is that object's and not its row's: once the core has read the row again, its answers
 * hold another object, so that a front door never sees a row that the core would not. Neither side keeps one alive: the core's caches do.
 */
import { isLasting } from '../../domain/lasting.ts';
import { createTurn } from './turn.ts';

/** By the property of the answer that has the object. */
export type Names = Readonly<Record<string, number>>;

export type NamesMessage =
  /** In a message of its own: bytes that are kept are views of the whole message that brought them. */
  | { readonly kind: 'object'; readonly name: number; readonly object: object }
  | { readonly kind: 'gone'; readonly names: readonly number[] };

export interface ObjectNames {
  /** The answer as it crosses; keep the answer until this is sent. With names, where properties of it cross as such. Lists need none: what stands in one message twice is written once. */
  of(answer: unknown): readonly [answer: unknown, names?: Names];
}

/** The core's side, of one thread. A thread that is started again has another, and so gets its objects again. */
export function createObjectNames(tell: (message: NamesMessage) => void): ObjectNames {
  const known = new WeakMap<object, number>();
  let last = 0;
  // No answer names it after this: whoever sends one keeps its objects until it is sent.
  const addGone = createTurn<number>(
    (names) => tell({ kind: 'gone', names }),
    () => undefined,
  );
  const ends = new FinalizationRegistry(addGone);

  function nameOf(object: object): number {
    const name = known.get(object);
    if (name !== undefined) return name;
    last++;
    tell({ kind: 'object', name: last, object });
    known.set(object, last);
    ends.register(object, last);
    return last;
  }

  return {
    of(answer) {
      if (!isPlain(answer)) return [answer];
      let rest: Record<string, unknown> | undefined;
      const names: Record<string, number> = {};
      for (const key in answer) {
        const value = answer[key];
        if (!isLasting(value)) continue;
        names[key] = nameOf(value);
        rest ??= { ...answer };
        rest[key] = undefined;
      }
      return rest === undefined ? [answer] : [rest, names];
    },
  };
}

export interface KnownObjects {
  take(message: NamesMessage): void;
  /** The answer with its objects. @throws {Error} for a name that was never sent, which is a bug */
  restored(answer: unknown, names?: Names): unknown;
}

/** The thread's side. */
export function createKnownObjects(): KnownObjects {
  const objects = new Map<number, object>();
  return {
    take(message) {
      if (message.kind === 'object') objects.set(message.name, message.object);
      else for (const name of message.names) objects.delete(name);
    },
    restored(answer, names) {
      if (names === undefined || !isPlain(answer)) return answer;
      for (const [key, name] of Object.entries(names)) {
        const object = objects.get(name);
        if (object === undefined) throw new Error(`this thread has no object ${name}`);
        answer[key] = object;
      }
      return answer;
    },
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
