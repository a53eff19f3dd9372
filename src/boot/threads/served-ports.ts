/** The core's side of the ports: performs the calls of a front-door thread and answers all that ended in one turn together. */
import type { RequestTurns } from '../../domain/ports/request-turns.ts';
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

/**
 * The same, in turn: what the core does for a call is most of a request, and calls of all threads meet here. Calls without a caller find
 * out who somebody is, and wait for nobody.
 */
export function performInTurn(perform: Perform, turns: RequestTurns): Perform {
  return async (port, method, args) => {
    const owner = args.map(ownerIn).find((found) => found !== undefined);
    if (owner === undefined) return perform(port, method, args);
    const turn = await turns.waitFor(owner, costOf(args));
    try {
      return await perform(port, method, args);
    } finally {
      turn.end();
    }
  };
}

/** The owner of a `Caller` (`dialects/kit/admission.ts`), who came as plain data. */
function ownerIn(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  if (!('scope' in argument && 'isActingFor' in argument && 'actor' in argument)) return undefined;
  const { scope, isActingFor, actor } = argument;
  const owner = scope === 'all' || isActingFor === true ? actor : scope;
  return typeof owner === 'string' ? owner : undefined;
}

const costOfAny = 0.2;
const costOfName = 0.1;

/** What is placed is as much work as it has names. */
function costOf(args: readonly unknown[]): number {
  const names = args.map((argument) => {
    const found = typeof argument === 'object' && argument !== null && 'names' in argument ? argument.names : undefined;
    return Array.isArray(found) ? found.length : 0;
  });
  return costOfAny + costOfName * Math.max(0, ...names);
}
