/** Keys that must not be certified. */
import { z } from 'zod';
import { blockSources } from '../../../domain/blocked-key.ts';
import { compromiseStatement, listLinesAtOnce } from '../../../domain/ports/key-register.ts';
import { actor } from './actors.ts';
import { listedCertificate } from './certificates.ts';
import { accountChoice, countedPageRequest, endpoint, pageOf, reference, searchText, time } from './shapes.ts';

const note = z.string().max(500).default('').meta({ description: 'For those who meet the block later.' });

const key = z
  .string()
  .min(1)
  .max(8192)
  .meta({
    description:
      'The SHA-256 of the SubjectPublicKeyInfo as hex or base64; or a public key, a certificate or a CSR as PEM. To block, ' +
      'also the fingerprint of openssl-blacklist (20 hex digits).',
  });

const where = accountChoice.meta({
  description: "Id or number of the account. Null: the caller's own; for an operator, everywhere.",
});

export const blockedKey = z
  .object({
    key: z.string().meta({ description: 'Its fingerprint, lower-case hex.' }),
    accountId: z.string().nullable().meta({ description: 'Where it is blocked; null: everywhere.' }),
    source: z.enum(blockSources).meta({
      description:
        '`revocation`: a certificate of it was revoked for keyCompromise. `proof`: the key has signed that it is compromised. ' +
        '`decision`: somebody decided it. `list`: it was imported.',
    }),
    note: z.string(),
    blockedBy: actor,
    certificateId: z.string().nullable().meta({ description: 'The certificate whose revocation blocked it.' }),
    createdAt: time,
  })
  .meta({ id: 'BlockedKey' });

export const keysApi = {
  blocked: endpoint({
    id: 'keys.blocked',
    method: 'GET',
    path: '/api/v1/blocked-keys',
    summary: { en: 'List blocked keys, newest first', zh: '被禁用的密钥列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      account: reference('account').optional().meta({ description: 'Operators only: blocked in this account.' }),
      key: key.optional(),
      source: blockedKey.shape.source.optional(),
      text: searchText.optional().meta({ description: 'Part of the note.' }),
    }),
    response: pageOf(blockedKey),
  }),
  block: endpoint({
    id: 'keys.block',
    method: 'POST',
    path: '/api/v1/blocked-keys',
    summary: { en: 'Block a key: it is not certified any more', zh: '禁用密钥：不再为其签发证书' },
    status: 201,
    request: z.strictObject({ key, account: where, note }),
    response: blockedKey,
  }),
  unblock: endpoint({
    id: 'keys.unblock',
    method: 'POST',
    path: '/api/v1/blocked-keys/lift',
    summary: {
      en: 'Lift the block of a key; that of a compromised key only as an operator',
      zh: '解除密钥禁用；已报告泄露的密钥仅管理员可解除',
    },
    request: z.strictObject({ key, account: where }),
    response: blockedKey,
  }),
  import: endpoint({
    id: 'keys.import',
    method: 'POST',
    path: '/api/v1/blocked-keys/import',
    summary: { en: 'Block the keys of a list, part by part', zh: '分批导入密钥禁用名单' },
    request: z.strictObject({
      text: z
        .string()
        .max(65_536)
        .meta({
          description:
            `Up to ${listLinesAtOnce} lines of the list: one fingerprint on each, or PEM; comments after \`#\`. All of them are ` +
            'taken or none. Safe to repeat.',
        }),
      firstLine: z.int().min(1).default(1).meta({ description: 'The number of its first line, for messages.' }),
      account: where,
      note,
    }),
    response: z.object({
      added: z.int(),
      known: z.int().meta({ description: 'Keys that were blocked there already.' }),
    }),
  }),
  certificates: endpoint({
    id: 'keys.certificates',
    method: 'GET',
    path: '/api/v1/key-certificates',
    summary: { en: 'The certificates of a key, newest first', zh: '某密钥的全部证书（新的在前）' },
    request: z.strictObject({ ...countedPageRequest.shape, key }),
    response: pageOf(listedCertificate),
  }),
  revokeCertificates: endpoint({
    id: 'keys.revokeCertificates',
    method: 'POST',
    path: '/api/v1/key-certificates/revoke',
    summary: {
      en: 'Revoke the certificates of a key for keyCompromise; only those that the caller sees',
      zh: '以 keyCompromise 吊销某密钥的全部（可见）证书',
    },
    request: z.strictObject({ key }),
    response: z.object({
      revoked: z.int(),
      requested: z.int().meta({ description: 'Somebody has to approve these.' }),
      left: z.int().meta({ description: 'Not now: a request waits already, or a reissue is under way.' }),
    }),
  }),
  report: endpoint({
    id: 'keys.report',
    method: 'POST',
    path: '/api/v1/compromised-keys',
    summary: { en: 'Report a compromised key, proved by the key itself', zh: '报告密钥泄露（由该密钥签名证明）' },
    request: z.strictObject({
      csr: z
        .string()
        .min(1)
        .max(8192)
        .meta({
          description: `A CSR, PEM or base64, with the subject \`CN=${compromiseStatement}\`, signed by the key.`,
        }),
    }),
    response: z
      .object({ key: z.string().meta({ description: 'The SHA-256 of its SubjectPublicKeyInfo.' }) })
      .meta({ description: 'The key is blocked everywhere.' }),
  }),
} as const;
