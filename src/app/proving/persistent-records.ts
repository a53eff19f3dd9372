/**
 * The TXT record that names a CA and our account there, for good (mode `persist`; draft-ietf-acme-dns-persist). It is looked for as the CA
 * will: at the name, or at a parent whose owner has allowed all names below.
 */
import type { CheckedChallenge } from '../../domain/challenge.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import { customersCheck } from '../../domain/evidence.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import { provingNames } from '../../domain/policy.ts';
import type { PersistentNames } from '../../domain/ports/issuer.ts';
import type { AppContext } from '../context.ts';
import { bothLanguages, isFaultOfResolver } from './resolver-fault.ts';

export interface PersistentRecords {
  /** Undefined: it stands. Never throws for what the network did. */
  missing(name: Identifier, at: PersistentNames, signal: AbortSignal): Promise<Reason | undefined>;
}

/** A record to set. */
export interface PersistentRecord {
  readonly host: string;
  readonly value: string;
}

/** Our accounts are named by their URL; a CA may know others by a hash, which customers of ours never write. */
const noHash = 'certmux-names-no-hash:';

/** Undefined: what it has to name is not known yet. */
export function persistentRecordOf(
  name: Identifier,
  { issuers: [issuer], accountUrl }: PersistentNames,
): PersistentRecord | undefined {
  if (issuer === undefined || accountUrl === null) return undefined;
  const policy = name.kind === 'wildcard' ? '; policy=wildcard' : '';
  return {
    host: `_validation-persist.${baseName(name)}`,
    value: `${issuer}; accounturi=${accountUrl}${policy}`,
  };
}

export function createPersistentRecords({
  checkChallenge,
  publicSuffixes,
}: Pick<AppContext, 'checkChallenge' | 'publicSuffixes'>): PersistentRecords {
  return {
    async missing(name, at, signal) {
      const { issuers, accountUrl } = at;
      const record = persistentRecordOf(name, at);
      if (record === undefined || accountUrl === null) return reason('persistentAccountUnknown', {});
      const base = baseName(name);
      const parents = provingNames(name, publicSuffixes).filter((domain) => domain !== name.value && domain !== base);
      const challenge: CheckedChallenge = {
        method: 'dnsPersist',
        binding: 'account',
        hosts: [`_validation-persist.${base}`, ...parents.map((parent) => `_validation-persist.${parent}`)],
        issuers,
        account: { url: accountUrl, hashPrefix: noHash, thumbprints: [] },
        needsAllBelow: name.kind === 'wildcard',
      };
      const check = await checkChallenge(name, challenge, signal);
      if (check.problem === undefined) return undefined;
      const { host, value } = record;
      const detail = bothLanguages(customersCheck(check).problem ?? check.problem);
      if (isFaultOfResolver(check.problem)) return reason('persistentRecordUnchecked', { host, detail });
      return reason('persistentRecordMissing', { host, record: `"${value}"`, detail });
    },
  };
}
