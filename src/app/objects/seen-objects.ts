/**
 * A caller who names the version that they have seen (`If-Match`) acts on just that, or not at all. It is looked at in each transaction of
 * their call until one of them has changed the object: so nobody changes it between the look and the act, whichever act it is.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller } from '../../domain/caller.ts';
import { CertError } from '../../domain/errors.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { SeenObject } from '../../domain/seen-object.ts';
import { objectionToSeen } from './object-versions.ts';

interface Call {
  readonly caller: Caller;
  readonly seen: SeenObject;
  hasActed: boolean;
}

type Method = (...args: readonly unknown[]) => unknown;
type Methods = Readonly<Record<string, Method>>;

export interface SeenObjects {
  readonly database: Database;
  /** The ports, whose callers may name what they have seen. */
  watching(ports: Ports): Ports;
}

/** @param createPorts makes them over this database */
export function createSeenObjects(database: Database): SeenObjects {
  const calls = new AsyncLocalStorage<Call>();

  const write: Database['write'] = async (work, options) => {
    const call = calls.getStore();
    if (call === undefined || call.hasActed) return database.write(work, options);
    const { caller, seen } = call;
    let hasActed = false;
    const answer = await database.write(async (tx) => {
      const objection = await objectionToSeen(tx, caller, seen);
      if (objection !== null) throw new CertError(objection);
      const done = await work(tx);
      hasActed = (await objectionAfter(tx, call)) !== null;
      return done;
    }, options);
    call.hasActed = hasActed;
    return answer;
  };

  // What is removed is not found again.
  const objectionAfter = async (tx: Parameters<typeof objectionToSeen>[0], { caller, seen }: Call) => {
    try {
      return await objectionToSeen(tx, caller, seen);
    } catch (thrown) {
      if (thrown instanceof CertError && thrown.code === 'notFound') return thrown.reason;
      throw thrown;
    }
  };

  const watched =
    (method: Method): Method =>
    (...args) => {
      const [caller] = args as readonly [Caller | undefined];
      const seen = caller?.seen;
      if (caller === undefined || seen === undefined) return method(...args);
      return calls.run({ caller, seen, hasActed: false }, () => method(...args));
    };

  return {
    database: new Proxy(database, {
      get(target, name) {
        if (name === 'write') return write;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    watching(ports) {
      const watchedPorts = Object.entries<Methods>(ports as unknown as Readonly<Record<PortName, Methods>>).map(
        ([name, methods]) => [
          name,
          Object.fromEntries(Object.entries(methods).map(([method, call]) => [method, watched(call)])),
        ],
      );
      // The same names and methods; TypeScript cannot follow that through Object.entries.
      return Object.fromEntries(watchedPorts) as unknown as Ports;
    },
  };
}
