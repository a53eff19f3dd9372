/** Taking over a CA that was run elsewhere. For operators. */
import { z } from 'zod';
import { importedReasons } from '../../../domain/authority.ts';
import { revocationReasons } from '../../../domain/certificate.ts';
import { serialsAtOnce } from '../../../domain/ports/authority-import.ts';
import { authority } from './authority.ts';
import { endpoint, reference, time } from './shapes.ts';

const importedReason = z.enum(importedReasons);
const revocationReason = z.enum(Object.keys(revocationReasons) as [keyof typeof revocationReasons]);

/** A certificate of 64 KiB, as base64. */
const longestCertificate = 90_000;
/** A list of some millions of entries. */
const longestList = 48 << 20;

const serial = z.string().min(1).max(100).meta({ description: 'Hex; colons, blanks and zeros in front do not count.' });

const serialInput = z.strictObject({
  serial,
  notAfter: time.meta({ description: 'The end of the certificate; where that is unknown, of the CA.' }),
  revokedAt: time.nullable().default(null),
  reason: importedReason.default('unspecified').meta({ description: 'Where it is revoked.' }),
  certificate: z
    .base64()
    .max(longestCertificate)
    .nullable()
    .default(null)
    .meta({ description: 'DER, where it is at hand.' }),
});

const parts = z.strictObject({
  key: z.string().min(1).max(100_000).meta({
    description:
      'The private key of the CA: PEM, or the base64 of DER. PKCS#8 (encrypted or not), PKCS#12, and the older forms of PEM.',
  }),
  password: z.string().max(1024).nullable().default(null).meta({ description: 'Under which the key is encrypted.' }),
  certificates: z
    .array(z.string().min(1).max(1_000_000))
    .max(50)
    .default([])
    .meta({ description: 'PEM, or the base64 of DER: of the CA, and of all above it up to the root, in any order.' }),
  list: z
    .string()
    .min(1)
    .max(longestList)
    .nullable()
    .default(null)
    .meta({ description: 'The last list of revoked certificates that it has made: PEM, or the base64 of DER.' }),
  listNumber: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .meta({ description: 'The number of that list, where only the number is known.' }),
  upload: z.string().max(100).nullable().default(null).meta({ description: 'Of `/authority-imports/serials`.' }),
});

export const importedAuthority = z
  .object({
    authority: authority.nullable().meta({ description: 'Null: nothing was changed.' }),
    role: z.enum(['root', 'intermediate']),
    pem: z.string().meta({ description: 'Its certificate.' }),
    subject: z.string(),
    keyKind: z.string(),
    notAfter: time,
    above: z.array(z.string()).meta({ description: 'Subjects of those above it, the nearest first.' }),
    list: z.object({ number: z.string(), thisUpdate: time, entries: z.int() }).nullable(),
    nextListNumber: z.int(),
    serials: z
      .object({ total: z.int(), revoked: z.int() })
      .meta({ description: 'As they were handed in; once it is taken over, with those of the list.' }),
    warnings: z.array(z.object({ key: z.string(), message: z.string() })),
  })
  .meta({ id: 'ImportedAuthority' });

export const importedSerial = z
  .object({
    authorityId: z.string(),
    serial: z.string(),
    notAfter: time,
    revokedAt: time.nullable(),
    reason: importedReason.nullable(),
  })
  .meta({ id: 'ImportedSerial' });

export const authorityImportApi = {
  addSerials: endpoint({
    id: 'authorityImport.addSerials',
    method: 'POST',
    path: '/api/v1/authority-imports/serials',
    summary: { en: 'Hand in what the CA has issued, part by part', zh: '分批提交该 CA 已签发的证书序列号' },
    // Certificates in base64, some hundred of them.
    bodyLimitBytes: 8 << 20,
    request: z.strictObject({
      upload: z
        .string()
        .max(100)
        .nullable()
        .default(null)
        .meta({ description: 'Of the first answer; null: this is the first part.' }),
      serials: z.array(serialInput).max(serialsAtOnce),
    }),
    response: z.object({
      upload: z.string().meta({ description: 'Names all that was handed in. Forgotten after a day.' }),
      total: z.int(),
      revoked: z.int(),
    }),
  }),
  examine: endpoint({
    id: 'authorityImport.examine',
    method: 'POST',
    path: '/api/v1/authority-imports/dry-run',
    summary: { en: 'Check what would be taken over, and change nothing', zh: '检查接管内容，不做任何更改' },
    bodyLimitBytes: 64 << 20,
    request: parts,
    response: importedAuthority,
  }),
  take: endpoint({
    id: 'authorityImport.take',
    method: 'POST',
    path: '/api/v1/authority-imports',
    summary: {
      en: 'Take over a CA: its key, its lists, and what it has issued',
      zh: '接管 CA：密钥、吊销列表及已签发的证书',
    },
    status: 201,
    bodyLimitBytes: 64 << 20,
    request: parts,
    response: importedAuthority,
  }),
  revokeSerial: endpoint({
    id: 'authorityImport.revokeSerial',
    method: 'POST',
    path: '/api/v1/authorities/:authority/serials/revoke',
    summary: {
      en: 'Revoke a certificate that the CA had issued before it came here',
      zh: '吊销该 CA 在接管前签发的证书',
    },
    request: z.strictObject({
      authority: reference('authority'),
      serial,
      reason: revocationReason.default('unspecified'),
    }),
    response: importedSerial,
  }),
} as const;
