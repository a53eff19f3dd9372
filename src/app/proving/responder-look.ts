/** Whether our responder is reached where a CA will fetch its proof: at port 80 of the name, directly or through the customer's web server. */
import { type Reason, reason } from '../../domain/errors.ts';
import { customersFailure } from '../../domain/evidence.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import { probeAnswer, probeToken } from '../../pki/responder-probe.ts';
import type { AppContext } from '../context.ts';
import { bothLanguages, isFaultOfResolver } from './resolver-fault.ts';

export type ResponderLook = (name: Identifier, signal: AbortSignal) => Promise<Reason | undefined>;

export function createResponderLook({
  fetchUntrusted,
  random,
  responderSecret,
}: Pick<AppContext, 'fetchUntrusted' | 'random' | 'responderSecret'>): ResponderLook {
  return async (identifier, signal) => {
    const name = identifier.value;
    if (identifier.kind === 'wildcard') return reason('wildcardOverHttp', { name });
    const token = probeToken(random.bytes(16));
    const host = identifier.kind === 'ipv6' ? `[${name}]` : baseName(identifier);
    const url = `http://${host}/.well-known/acme-challenge/${token}`;
    const outcome = await fetchUntrusted({ url, signal });
    if (!outcome.ok) {
      const { problem, isPublic } = outcome;
      if (isFaultOfResolver(problem)) return reason('responderUnchecked', { name, detail: bothLanguages(problem) });
      const shown = customersFailure(problem, { url, isPublic });
      return reason('responderUnreachable', { name, url, detail: bothLanguages(shown) });
    }
    if (outcome.status !== 200) {
      const status = reason('httpStatus', { url, status: outcome.status });
      return reason('responderUnreachable', { name, url, detail: bothLanguages(status) });
    }
    // A CA compares every byte, and so do we (contract of http-01: no newline).
    const isOurs = Buffer.from(outcome.body).toString('latin1') === probeAnswer(responderSecret, token);
    return isOurs ? undefined : reason('responderOther', { name, url });
  };
}
