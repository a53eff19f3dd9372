/** Problems of a look-up, told apart by whose they are. */
import { type Reason, renderReason } from '../../domain/errors.ts';
import { withoutResolver } from '../../domain/evidence.ts';
import type { Wording } from '../../domain/messages/words.ts';

/** Ours: no resolver answers, or it does not do so properly. A zone that cannot be resolved answers SERVFAIL through a good resolver. */
export function isFaultOfResolver(problem: Reason): boolean {
  switch (problem.key) {
    case 'resolversAway':
    case 'dnsTimeout':
    case 'dnsMalformed':
    case 'dnsCaseChanged':
    case 'checkAborted':
      return true;
    case 'dnsServerFailure':
      return problem.params.rcode !== 'SERVFAIL';
    default:
      return false;
  }
}

/** A reason inside of another, without the address of a resolver, which customers must not read. */
export function bothLanguages(problem: Reason): Wording {
  const shown = withoutResolver(problem);
  return { en: renderReason(shown, 'en'), zh: renderReason(shown, 'zh') };
}
