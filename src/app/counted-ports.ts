/** Counts what front doors are refused, by reason. */
import { CertError } from '../domain/errors.ts';
import type { PortName, Ports } from '../domain/ports/index.ts';
import type { Meter } from '../domain/ports/meter.ts';

type Method = (...args: readonly unknown[]) => unknown;
type Methods = Readonly<Record<string, Method>>;

export function counted(ports: Ports, meter: Pick<Meter, 'refused'>): Ports {
  const countRefusal = (thrown: unknown) => {
    if (thrown instanceof CertError) meter.refused(thrown.reason.key);
  };
  const countedPorts = Object.entries<Methods>(ports as unknown as Readonly<Record<PortName, Methods>>).map(
    ([name, methods]) => [
      name,
      Object.fromEntries(Object.entries(methods).map(([method, call]) => [method, watched(call, countRefusal)])),
    ],
  );
  // The same names and methods; TypeScript cannot follow that through Object.entries.
  return Object.fromEntries(countedPorts) as unknown as Ports;
}

/** The caller gets the very promise: it costs one callback. */
function watched(call: Method, onRefusal: (thrown: unknown) => void): Method {
  return (...args) => {
    const answer = call(...args);
    if (answer instanceof Promise) answer.catch(onRefusal);
    return answer;
  };
}
