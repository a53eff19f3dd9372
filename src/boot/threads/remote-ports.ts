/** The ports of the core as a front-door thread has them: each call is a message, and all calls of one turn are one. */
import { rolesOfPorts } from '../../app/accounts/port-roles.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { type Answer, type Call, crossed } from './messages.ts';
import type { KnownObjects } from './named-objects.ts';
import { createTurn } from './turn.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface Caller {
  call(port: string, method: string, args: readonly unknown[]): Promise<unknown>;
  /** Ends the calls that were answered. */
  settle(answers: readonly Answer[]): void;
}

export function createCaller(
  objects: Pick<KnownObjects, 'restored'>,
  sendCalls: (calls: readonly Call[]) => void,
): Caller {
  const waiting = new Map<number, Waiting>();
  let next = 0;
  // One that cannot cross is a fault of its own front door.
  const add = createTurn(sendCalls, ([number], thrown) => {
    waiting.get(number)?.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
    waiting.delete(number);
  });

  return {
    call: (port, method, args) =>
      new Promise((resolve, reject) => {
        const number = next++;
        waiting.set(number, { resolve, reject });
        add([number, port, method, args]);
      }),
    settle(answers) {
      for (const answer of answers) {
        const [number] = answer;
        const one = waiting.get(number);
        waiting.delete(number);
        try {
          if (answer[1]) one?.reject(crossed(answer[2]));
          else one?.resolve(objects.restored(answer[2], answer[3]));
        } catch (thrown) {
          one?.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
      }
    },
  };
}

/** Every method that there is a role for, which is every method (`guarded`). */
export function remotePorts({ call }: Caller): Ports {
  const ports = Object.entries(rolesOfPorts).map(([port, methods]) => {
    const remote = Object.keys(methods).map((method): readonly [string, Method] => [
      method,
      (...args) => call(port, method, args),
    ]);
    return [port, Object.fromEntries(remote)] as const;
  });
  return Object.fromEntries(ports) as unknown as Ports;
}
