/**
 * The ports of the core as a front door in another thread sees them: every call and every answer passes through the structured
 * clone and the serializer by which threads talk (`src/boot/threads/messages.ts`), so that a function, a stream or a live object in one of them fails. An error
 * crosses as its reason; a lasting object of the core's caches crosses once, and nobody may change it then. Around the core of every test.
 */
import { deserialize, serialize } from 'node:v8';
import { crossed, crossing } from '../../src/boot/threads/messages.ts';
import {
  createKnownObjects,
  createObjectNames,
  type KnownObjects,
  type ObjectNames,
} from '../../src/boot/threads/named-objects.ts';
import type { Ports } from '../../src/domain/ports/index.ts';

/** All ports of the core. */
export function portsByMessage(ports: Ports): Ports {
  const known = createKnownObjects();
  const names = createObjectNames((message) => known.take(deepFreeze(carried(message))));
  const wrapped = Object.entries(ports).map(([name, port]: readonly [string, object]) => [
    name,
    byMessage(port, names, known),
  ]);
  return Object.fromEntries(wrapped) as Ports;
}

function byMessage<Port extends object>(port: Port, names: ObjectNames, known: KnownObjects): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: readonly unknown[]) => {
        const call: readonly unknown[] = carried(args);
        let answer: unknown;
        try {
          answer = await Reflect.apply(member, target, call);
        } catch (thrown) {
          throw crossed(carried(crossing(thrown)));
        }
        return known.restored(...carried(names.of(answer)));
      };
    },
  });
}

/** As it arrives in another thread. The structured clone first, since the serializer takes a live object for an empty one. */
function carried<T>(value: T): T {
  return deserialize(serialize(structuredClone(value)));
}

/** Bytes apart, which cannot be frozen. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
