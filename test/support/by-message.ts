/**
 * The ports of the core as a front door in another thread sees them: every call and every answer passes through the structured
 * clone by which threads talk, so that a function, a stream or a live object in one of them fails. An error crosses as its
 * reason. Around the core of every test.
 */
import { CertError, refuse } from '../../src/domain/errors.ts';
import type { Ports } from '../../src/domain/ports/index.ts';

/** All ports of the core. */
export function portsByMessage(ports: Ports): Ports {
  const wrapped = Object.entries(ports).map(([name, port]: readonly [string, object]) => [name, byMessage(port)]);
  return Object.fromEntries(wrapped) as Ports;
}

function byMessage<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: readonly unknown[]) => {
        const call: readonly unknown[] = structuredClone(args);
        let answer: unknown;
        try {
          answer = await Reflect.apply(member, target, call);
        } catch (thrown) {
          throw crossed(thrown);
        }
        return structuredClone(answer);
      };
    },
  });
}

/** An error other than a refusal is internal to the other side; its cause stays readable, for the log. */
function crossed(thrown: unknown): CertError {
  if (!(thrown instanceof CertError)) return refuse('internal', {}, { cause: thrown });
  const { reason, cause }: Pick<CertError, 'reason' | 'cause'> = structuredClone({
    reason: thrown.reason,
    cause: thrown.cause instanceof Error ? thrown.cause : undefined,
  });
  return new CertError(reason, { cause });
}
