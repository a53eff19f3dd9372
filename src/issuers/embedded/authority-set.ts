/**
 * The authorities of the issuer as they stand now. Others are made, installed, retired and taken away while the server runs, on any
 * node: what is kept here is never older than a second when it is used, but for the one use that finds that out.
 */
import type { Authority, AuthoritySigner, KeyStore, Period } from '../../domain/authority.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log } from '../../domain/ports/system.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import type { LeafTemplate } from '../../pki/leaf-template.ts';
import { type NameConstraints, readNameConstraints } from '../../pki/name-constraints.ts';

export interface SigningAuthority {
  readonly authority: Authority;
  readonly certificate: Certificate;
  /** When it and everything above it is valid. */
  readonly period: Period;
  /** @throws {Error} where its key is not here */
  signer(): Promise<AuthoritySigner>;
  /** Its name constraints and those of all above it. */
  readonly constraints: readonly ConstraintsOfOne[];
  /** By profile: everything of a certificate that the profile and the authority decide, encoded once. */
  readonly templates: Map<string, LeafTemplate>;
}

export interface ConstraintsOfOne {
  readonly certificate: Certificate;
  readonly constraints: NameConstraints;
}

export interface AuthoritySet {
  /** All of them, the oldest first. In memory. */
  all(): readonly SigningAuthority[];
  /** From memory. @throws {Error} where there is none */
  known(id: string | null): SigningAuthority;
  /** Looks again where it is not known: another node may have made it a moment ago. @throws {Error} where there is none */
  find(id: string | null): Promise<SigningAuthority>;
  /** Reads them again: after a change by this process, so that it is seen at once. */
  refresh(): Promise<void>;
}

const freshMs = 1000;

export interface AuthoritySetOptions {
  readonly issuerId: string;
  readonly keyStore: KeyStore;
  readonly database: Pick<Database, 'read'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Pick<Log, 'warn'>;
}

export async function openAuthoritySet(options: AuthoritySetOptions): Promise<AuthoritySet> {
  const { issuerId, keyStore, database, clock, log } = options;
  let byId: ReadonlyMap<AuthorityId, SigningAuthority> = new Map();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const sinceMs = clock.monotonicMs();
    const mine = (await database.read.authorities.list()).filter((one) => one.issuerId === issuerId);
    byId = new Map(mine.map((authority) => [authority.id, signingAuthority(authority, mine)]));
    readAtMs = sinceMs;
  }

  function signingAuthority(authority: Authority, mine: readonly Authority[]): SigningAuthority {
    const chain = chainOf(authority, mine);
    const period = chainPeriod(chain);
    const constraints = chain.flatMap((certificate) => {
      const found = readNameConstraints(certificate.extensions);
      return found === undefined ? [] : [{ certificate, constraints: found }];
    });
    const before = byId.get(authority.id);
    const isSame =
      before !== undefined &&
      Buffer.compare(before.authority.certificate, authority.certificate) === 0 &&
      before.authority.keyPlace === authority.keyPlace;
    if (isSame) return { ...before, authority, period, constraints };
    if (authority.keyPlace === 'outside') keyStore.forget(authority.id);
    return {
      authority,
      certificate: parseCertificate(authority.certificate),
      period,
      constraints,
      async signer() {
        if (authority.keyPlace === 'here') return keyStore.signer(authority.id);
        throw new Error(`the key of the authority ${authority.id} is not here`);
      },
      templates: new Map(),
    };
  }

  function refresh(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  function lookAgainSoon(): void {
    if (reading !== undefined || clock.monotonicMs() - readAtMs < freshMs) return;
    refresh().catch((error) => log.warn({ error }, 'the authorities could not be read again'));
  }

  await refresh();
  return {
    all() {
      lookAgainSoon();
      return [...byId.values()];
    },
    known(id) {
      lookAgainSoon();
      return requireFound(byId, id);
    },
    async find(id) {
      lookAgainSoon();
      if (!byId.has(id as AuthorityId)) await refresh();
      return requireFound(byId, id);
    },
    async refresh() {
      // One that is under way may have begun before the change.
      await reading;
      await refresh();
    },
  };

  function requireFound(from: ReadonlyMap<string, SigningAuthority>, id: string | null): SigningAuthority {
    const found = from.get(id ?? '');
    if (found === undefined) throw new Error(`the issuer ${issuerId} has no authority ${id}`);
    return found;
  }
}

/** Its certificate and those above it. */
function chainOf({ certificate, parentId }: Authority, all: readonly Authority[]): readonly Certificate[] {
  const parent = all.find(({ id }) => id === parentId);
  return [parseCertificate(certificate), ...(parent === undefined ? [] : chainOf(parent, all))];
}

/** A chain is valid while each of its certificates is (RFC 5280 §6.1.3). */
function chainPeriod(chain: readonly Certificate[]): Period {
  const [from, until] = [
    Math.max(...chain.map(({ notBefore }) => notBefore.getTime())),
    Math.min(...chain.map(({ notAfter }) => notAfter.getTime())),
  ];
  return { from: new Date(from), until: new Date(until) };
}
