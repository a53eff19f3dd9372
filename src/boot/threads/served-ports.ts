/** The core's side of the ports: performs the calls of a front-door thread and answers all that ended in one turn together. */
import { type Answer, type Call, crossing } from './messages.ts';
import type { ObjectNames } from './named-objects.ts';
import { createTurn } from './turn.ts';

/** What a port has under that name. */
export type Perform = (port: string, method: string, args: readonly unknown[]) => Promise<unknown>;

interface Queued {
  readonly answer: Answer;
  /** What the answer names is in it: until the answer is sent, the objects stay, and are not reported as gone. */
  readonly value?: unknown;
}

export function createServedPorts(
  perform: Perform,
  names: ObjectNames,
  sendAnswers: (answers: readonly Answer[]) => void,
): (calls: readonly Call[]) => void {
  // An answer that cannot cross is a fault of ours, which its caller learns as such.
  const add = createTurn<Queued>(
    (queued) => sendAnswers(queued.map(({ answer }) => answer)),
    ({ answer: [number] }, thrown) => sendAnswers([[number, true, crossing(thrown)]]),
  );

  return (calls) => {
    for (const [number, port, method, args] of calls) {
      perform(port, method, args)
        .then((value) => add({ answer: [number, false, ...names.of(value)], value }))
        .catch((thrown: unknown) => add({ answer: [number, true, crossing(thrown)] }));
    }
  };
}

/** Finds the methods of the ports. */
export function performOn(ports: object): Perform {
  return async (port, method, args) => {
    const found: unknown = Object.hasOwn(ports, port) ? Reflect.get(ports, port) : undefined;
    const member: unknown =
      typeof found === 'object' && found !== null && Object.hasOwn(found, method)
        ? Reflect.get(found, method)
        : undefined;
    if (typeof member !== 'function') throw new Error(`the core has no ${port}.${method}`);
    return await Reflect.apply(member, found, args);
  };
}
