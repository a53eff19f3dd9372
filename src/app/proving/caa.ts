/** CAA records: which CAs may issue for a name. */

import { quoted, refuse, renderReason } from '../../domain/errors.ts';
import { withoutResolver } from '../../domain/evidence.ts';
import { baseName, isIp } from '../../domain/identifier.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Proving } from '../../domain/ports/proving.ts';
import type { AppContext } from '../context.ts';
import { createGate } from '../issuing/gate.ts';
import { withinMs } from '../issuing/time-limit.ts';

/** Over all callers together. */
const lookUpsAtOnce = 16;
/** Looks up all the names from the name to its top-level domain. */
const limitMs = 20_000;

export function createCaa({ clock, lookUpCaa }: Pick<AppContext, 'clock' | 'lookUpCaa'>): Proving['caa'] {
  const oneOfFew = createGate(lookUpsAtOnce);
  return async (_, name) => {
    if (isIp(name)) {
      throw refuse('fieldInvalid', { field: 'name', value: quoted(name.value), expected: expected.domainName });
    }
    const outcome = await withinMs(clock, limitMs, (signal) => oneOfFew(() => lookUpCaa(baseName(name), signal)));
    if (outcome.ok) return outcome.answer;
    const problem = withoutResolver(outcome.problem);
    const detail = { en: renderReason(problem, 'en'), zh: renderReason(problem, 'zh') };
    throw refuse('caaUnavailable', { name: name.value, detail });
  };
}
