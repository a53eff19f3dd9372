/**
 * Keeps secrets at rest: what is sealed can be stored anywhere and opens only here, and only for the same object. Everything
 * that is sealed is of a kind in this file, so that a change of the master key reaches it (`app/upkeep/key-resealing.ts`).
 */

/** Kinds that lie in columns of the database: `db/stores/sealing.ts` says in which. */
export const sealedRows = [
  'authorityKey',
  'serverSecret',
  'externalAccountKey',
  'webhookSecret',
  'delivery',
  'subscriberKey',
  'acmeAccountKey',
  'acmeNextAccountKey',
  'acmeExternalKey',
  'requestAnswer',
] as const satisfies readonly SealedKind[];

export type SealedRow = (typeof sealedRows)[number];

/** The first part of the context of each kind. It never changes: values are authenticated with it. */
const contexts = {
  /** The private key of a certificate that was made here; id of the issuance. */
  subscriberKey: 'key',
  externalAccountKey: 'eab',
  /** The value by which a receiver recognizes us; id of the webhook. */
  webhookSecret: 'webhook',
  /** A message that was or will be sent; id of the delivery. */
  delivery: 'notification',
  /** A secret of the server's own; its name. */
  serverSecret: 'secret',
  /** The private key of one of our own authorities; its id. */
  authorityKey: 'authority-key',
  /** The private key of our account at an ACME CA; the id of the row. */
  acmeAccountKey: 'acme-account-key',
  /** The one that will replace it. */
  acmeNextAccountKey: 'acme-next-account-key',
  /** The HMAC key that binds our account at an ACME CA to one that the CA knows. */
  acmeExternalKey: 'acme-external-key',
  /** What a request with an idempotency key was answered, which may hold a secret that is shown once; id of the row. */
  requestAnswer: 'request-answer',
  /** In a file of the node, which there is one of. */
  serverCertificate: 'server-certificate',
} as const;

export type SealedKind = keyof typeof contexts;

/** Names one secret of one object. */
export interface SealedObject {
  readonly kind: SealedKind;
  readonly id: string;
}

export function sealingContext({ kind, id }: SealedObject): string {
  return id === '' ? contexts[kind] : `${contexts[kind]}:${id}`;
}

export const serverCertificateFile = 'server-certificate';

/** The content of the file in the folder of keys; undefined for a file that is not ours. */
export function sealedInFile(name: string): SealedObject | undefined {
  return name === serverCertificateFile ? { kind: 'serverCertificate', id: '' } : undefined;
}

export interface KeySealer {
  /**
   * Seals under the master key of the moment. Call it inside the transaction that stores the value: a value that waits
   * outside for its transaction could be stored after the last look for what the former key sealed. (`renew` does as well.)
   */
  seal(secret: Uint8Array, object: SealedObject): Uint8Array;
  /** @throws {Error} when it was sealed under an unknown master key or for another object, or was changed */
  open(sealed: Uint8Array, object: SealedObject): Uint8Array;
  /** The same secret under the master key of the moment; the very value where that sealed it already. @throws as `open` */
  renew(sealed: Uint8Array, object: SealedObject): Uint8Array;
}
