/** Rows of certificates, of the authorities that signed them, and of what is known of keys. */
import type {
  Authority,
  AuthorityRequest,
  CrlPiece,
  ImportedSerial,
  ReplacedCertificate,
  SignedCrl,
} from '../../domain/authority.ts';
import type { BlockedKey } from '../../domain/blocked-key.ts';
import type { Certificate } from '../../domain/certificate.ts';
import type { AccountId, AuthorityId, IssuanceId } from '../../domain/ids.ts';
import { codecOf, type RowOf } from '../codec.ts';
import {
  blob,
  date,
  derived,
  flag,
  fromJson,
  hex,
  hexText,
  id,
  int32,
  integer,
  json,
  jsonOf,
  mapped,
  nullable,
  reference,
  text,
  toJson,
} from '../fields.ts';

const chainJson = {
  write: (chain: readonly Uint8Array[]) => toJson(chain.map((der) => der.toBase64())),
  read: (stored: string): readonly Uint8Array[] =>
    fromJson<readonly string[]>(stored).map((der) => Uint8Array.fromBase64(der)),
};

export const certificates = codecOf<Certificate>()(
  'certificates',
  {
    number: int32('number'),
    id: id('id', 'certificate'),
    accountId: id('account_id', 'account'),
    orderId: id('order_id', 'order'),
    issuanceId: id('issuance_id', 'issuance'),
    issuerId: text('issuer_id'),
    authorityId: nullable(id('authority_id', 'authority')),
    serial: hexText('serial'),
    names: json('names_json'),
    der: blob('der'),
    upstreamChain: nullable(jsonOf('upstream_chain_json', chainJson)),
    // SHA-256 of the issuer's DN as it stands in the certificate; null: of `authority_id`.
    issuerHash: nullable(hex('issuer_hash')),
    isWithheld: flag('is_withheld'),
    // Null where the key of an upstream's certificate cannot be read.
    keyHash: nullable(hex('key_hash')),
    notBefore: date('not_before'),
    notAfter: date('not_after'),
    state: text('state'),
    revokedAt: nullable(date('revoked_at')),
    revocationReason: nullable(text('revocation_reason')),
    createdAt: date('created_at'),
  },
  {
    orderNumber: reference('order_number', 'orderId'),
    issuanceNumber: reference('issuance_number', 'issuanceId'),
    // The piece of the revocation list that has its entry; negative where that says less than the certificate; 0: none has.
    crlPiece: derived('crl_piece', 'int32', () => 0),
  },
);

export const authorities = codecOf<Authority>()('authorities', {
  id: id('id', 'authority'),
  issuerId: text('issuer_id'),
  role: text('role'),
  keyKind: text('key_kind'),
  parentId: nullable(id('parent_id', 'authority')),
  subject: text('subject'),
  certificate: blob('certificate'),
  notAfter: date('not_after'),
  createdAt: date('created_at'),
  keyPlace: text('key_place'),
  signsFrom: nullable(date('signs_from')),
  retiredAt: nullable(date('retired_at')),
  closedAt: nullable(date('closed_at')),
  revokedAt: nullable(date('revoked_at')),
  revocationReason: nullable(text('revocation_reason')),
  importedAt: nullable(date('imported_at')),
});

export const authorityCertificates = codecOf<ReplacedCertificate>()('authority_certificates', {
  authorityId: id('authority_id', 'authority'),
  replacedAt: date('replaced_at'),
  certificate: blob('certificate'),
});

export const authorityRequests = codecOf<AuthorityRequest>()('authority_requests', {
  id: id('id', 'authority'),
  issuerId: text('issuer_id'),
  keyKind: text('key_kind'),
  subject: text('subject'),
  csr: blob('csr'),
  followsId: nullable(id('follows_id', 'authority')),
  createdAt: date('created_at'),
});

export const importedSerials = codecOf<ImportedSerial>()('imported_serials', {
  authorityId: id('authority_id', 'authority'),
  serial: hexText('serial'),
  certificate: nullable(blob('certificate')),
  notAfter: date('not_after'),
  revokedAt: nullable(date('revoked_at')),
  revocationReason: nullable(text('revocation_reason')),
  crlPiece: int32('crl_piece'),
});

/** Serials that are handed in for an authority that is to be. */
interface SerialUpload {
  readonly id: AuthorityId;
  readonly createdAt: Date;
}

export const serialUploads = codecOf<SerialUpload>()('serial_uploads', {
  id: id('id', 'authority'),
  createdAt: date('created_at'),
});

interface AuthorityKey {
  readonly id: string;
  readonly sealedKey: Uint8Array;
  readonly createdAt: Date;
}

export const authorityKeys = codecOf<AuthorityKey>()('authority_keys', {
  id: text('id'),
  sealedKey: blob('sealed_key'),
  createdAt: date('created_at'),
});

interface StoredCrl extends SignedCrl {
  /** How often something was staged for the list after this one. */
  readonly revision: number;
}

/** Number 0: none was put yet, and something is staged for the first. */
export const crls = codecOf<StoredCrl>()('crls', {
  authorityId: id('authority_id', 'authority'),
  number: integer('number'),
  revision: integer('revision'),
  head: blob('head'),
  tail: blob('tail'),
  sizeBytes: integer('size_bytes'),
  thisUpdate: date('this_update'),
  nextUpdate: date('next_update'),
});

interface StoredCrlPiece extends CrlPiece {
  readonly authorityId: AuthorityId;
  /** The numbers of the first list that has it, and of the first that has it no more. */
  readonly fromNumber: number;
  readonly untilNumber: number | null;
}

export const crlPieces = codecOf<StoredCrlPiece>()('crl_pieces', {
  authorityId: id('authority_id', 'authority'),
  piece: int32('piece'),
  fromNumber: integer('from_number'),
  untilNumber: nullable(integer('until_number')),
  endsAt: date('ends_at'),
  entries: int32('entries'),
  der: blob('der'),
});

/** Value of `scope` for every account. */
export const everywhere = '';
export type Scope = AccountId | typeof everywhere;

export const blockedKeys = codecOf<BlockedKey>()('blocked_keys', {
  number: int32('number'),
  fingerprint: text('fingerprint'),
  modulusHash: nullable(text('modulus_hash')),
  accountId: mapped('scope', 'text', {
    write: ({ accountId }: BlockedKey): Scope => accountId ?? everywhere,
    read: (stored: Scope) => (stored === everywhere ? null : stored),
  }),
  source: text('source'),
  actor: text('actor'),
  note: text('note'),
  certificateId: nullable(id('certificate_id', 'certificate')),
  createdAt: date('created_at'),
});

export type BlockedKeyRow = RowOf<typeof blockedKeys>;

interface MadeKey {
  readonly keyHash: string;
  readonly issuanceId: IssuanceId;
}

export const madeKeys = codecOf<MadeKey>()(
  'made_keys',
  { keyHash: hex('key_hash'), issuanceId: id('issuance_id', 'issuance') },
  { issuanceNumber: reference('issuance_number', 'issuanceId') },
);
