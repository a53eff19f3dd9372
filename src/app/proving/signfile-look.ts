/** Whether a vendor's own file is served where the vendor will look for it: at the name, over http or else https. */
import type { CheckResult } from '../../domain/challenge.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import { customersCheck } from '../../domain/evidence.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { AppContext } from '../context.ts';
import { bothLanguages } from './resolver-fault.ts';

export type SignfileLook = (
  name: Identifier,
  file: { readonly issuer: string; readonly path: string; readonly content: string },
  signal: AbortSignal,
) => Promise<Reason | undefined>;

export function createSignfileLook({ checkChallenge }: Pick<AppContext, 'checkChallenge'>): SignfileLook {
  return async (name, { issuer, path, content }, signal) => {
    const found: CheckResult[] = [];
    for (const method of ['httpFile', 'httpsFile'] as const) {
      const result = await checkChallenge(name, { method, binding: 'account', path, content }, signal);
      if (result.proved) return undefined;
      found.push(result);
    }
    const [first] = found;
    const url = `http://${name.value}${path}`;
    const problem = first && customersCheck(first).problem;
    const detail = problem === undefined ? '–' : bothLanguages(problem);
    return reason('vendorFileMissing', { issuer, name: name.value, url, detail });
  };
}
