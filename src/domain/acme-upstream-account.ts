/** Our account at an ACME CA (RFC 8555 §7.1.2): one for each upstream account of the configuration and each directory. */
import type { SealedObject } from './ports/key-sealer.ts';

export interface AcmeUpstreamAccount {
  /** Its name in the configuration, which breaker and budgets go by as well. */
  readonly account: string;
  /** The URL of the CA's directory. */
  readonly directory: string;
  /** PKCS#8 of the key that the CA knows, or will know. It is stored before the CA hears of it. */
  readonly sealedKey: Uint8Array;
  /** During a change of keys: the new one. The CA knows one of the two. */
  readonly nextSealedKey: Uint8Array | null;
  /** Null before the CA has answered. CAA records (RFC 8657) and dns-persist-01 records name it. */
  readonly url: string | null;
  /** Contact URLs as the CA was last sent them. */
  readonly contacts: readonly string[];
  /** The `kid` of the external account binding; null where none was needed. */
  readonly externalKeyId: string | null;
  /** Its HMAC key, where it is kept. */
  readonly sealedExternalKey: Uint8Array | null;
  readonly registeredAt: Date | null;
}

export type AcmeUpstreamAccountKey = Pick<AcmeUpstreamAccount, 'account' | 'directory'>;

type SealedMember = 'sealedKey' | 'nextSealedKey' | 'sealedExternalKey';

const kinds = {
  sealedKey: 'acmeAccountKey',
  nextSealedKey: 'acmeNextAccountKey',
  sealedExternalKey: 'acmeExternalKey',
} as const satisfies Record<SealedMember, SealedObject['kind']>;

/** What a member of the row is sealed for. */
export function sealedMember(row: AcmeUpstreamAccountKey, member: SealedMember): SealedObject {
  return { kind: kinds[member], id: acmeUpstreamAccountId(row) };
}

/** The row's id in one text. A URL has no blanks, so that two rows never share one. */
export function acmeUpstreamAccountId({ account, directory }: AcmeUpstreamAccountKey): string {
  return `${directory} ${account}`;
}
