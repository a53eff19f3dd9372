/** The core's side of the ports: performs the calls of a front-door thread and answers all that ended in one turn together. */
import { setImmediate } from 'node:timers';
import { type Answer, type Call, crossing } from './messages.ts';

/** What a port has under that name. */
export type Perform = (port: string, method: string, args: readonly unknown[]) => Promise<unknown>;

export function createServedPorts(
  perform: Perform,
  sendAnswers: (answers: readonly Answer[]) => void,
): (calls: readonly Call[]) => void {
  let answers: Answer[] = [];

  function sendAll(): void {
    const all = answers;
    answers = [];
    try {
      sendAnswers(all);
    } catch {
      for (const one of all) sendAlone(one);
    }
  }

  function sendAlone(answer: Answer): void {
    try {
      sendAnswers([answer]);
    } catch (thrown) {
      // It cannot cross: a fault of ours, which its caller learns as such.
      sendAnswers([[answer[0], true, crossing(thrown)]]);
    }
  }

  function add(answer: Answer): void {
    answers.push(answer);
    if (answers.length === 1) setImmediate(sendAll);
  }

  return (calls) => {
    for (const [number, port, method, args] of calls) {
      perform(port, method, args).then(
        (value) => add([number, false, value]),
        (thrown: unknown) => add([number, true, crossing(thrown)]),
      );
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
