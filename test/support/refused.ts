/** Expected refusals, for `assert.rejects`. */
import { CertError } from '../../src/domain/errors.ts';
import type { ReasonKey } from '../../src/domain/messages/index.ts';

export function refused(key: ReasonKey): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof CertError && thrown.reason.key === key;
}
