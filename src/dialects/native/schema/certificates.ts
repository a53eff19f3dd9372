/** Issued certificates. */
import { z } from 'zod';
import { certificateStandings } from '../../../domain/certificate.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { certificateActions } from '../../../domain/ports/order-pages.ts';
import { revocationReasonOf } from '../../../domain/revocation-reason.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { actionsOf } from './actions.ts';
import { actor } from './actors.ts';
import { decodedCertificate } from './decoded-certificate.ts';
import { listFilters, namePart, severalOf } from './list-filters.ts';
import { countedPageRequest, endpoint, firstNames, pageOf, reference, time } from './shapes.ts';

export const reasons = z.enum([
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
]);

/** As clients of every kind write it. What it is none of is refused as it was sent. */
export const revocation = z
  .preprocess((value) => (typeof value === 'string' ? revocationReasonOf(value) : undefined) ?? value, reasons)
  .default('unspecified')
  .meta({
    description: 'RFC 5280 §5.3.1. Read in any case of letters, also with signs between the words.',
  });

export const certificate = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    orderId: z.string(),
    issuerId: z.string(),
    serial: z.string().meta({ description: 'Lower-case hex.' }),
    names: firstNames,
    nameCount: z.int(),
    sha256: z.string().meta({ description: 'Fingerprint of the DER, lower-case hex.' }),
    notBefore: time,
    notAfter: time,
    state: z.enum(certificateStandings),
    revokedAt: time.nullable(),
    revokedBy: actor.exactOptional().meta({ description: 'Absent where it is not revoked, and in webhooks.' }),
    revocationReason: reasons.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Certificate' });

/** As lists show it: with what stands around it. */
export const listedCertificate = certificate
  .extend({
    accountName: z.string(),
    orderNumber: z.int(),
    keyKind: z
      .string()
      .nullable()
      .meta({ description: '`RSA 2048`, `P-256`, `Ed25519` and the like. Null: the certificate cannot be read.' }),
    replaces: z.int().nullable().meta({
      description:
        'Number of the certificate whose place it took, of its order or of the one that its order renews. A duplicate takes none.',
    }),
    replacedBy: z.int().nullable().meta({ description: 'Number of the certificate that took its place.' }),
  })
  .meta({ id: 'ListedCertificate' });

export const certificateDetails = z
  .object({
    ...listedCertificate.shape,
    names: z.array(z.string()).meta({ description: 'All of them.' }),
    pem: z.string(),
    chain: z.array(z.string()).meta({ description: 'Issuing certificates as PEM, nearest first, root last.' }),
    description: z.string().meta({ description: 'Every field of the certificate, for people.' }),
    decoded: decodedCertificate,
  })
  .meta({ id: 'CertificateDetails' });

export const formats = z.enum(['pem', 'fullchain', 'chain', 'der', 'p7b', 'nginx', 'apache']);
const keyFormats = z.enum(['pem', 'pfx', 'jks']);
/** As Java's tools want it at least. */
const shortestPassphrase = 6;
const oneCertificate = z.strictObject({ certificate: reference('certificate') });
const path = '/api/v1/certificates/:certificate';

export const certificatesApi = {
  list: endpoint({
    id: 'certificates.list',
    method: 'GET',
    path: '/api/v1/certificates',
    summary: {
      en: 'List certificates, newest first; by end, soonest first',
      zh: '证书列表（新的在前；按到期时间筛选时先到期的在前）',
    },
    request: z.strictObject({
      ...countedPageRequest.shape,
      ...listFilters,
      state: severalOf(certificateStandings),
      name: z.string().min(1).optional().meta({ description: 'Only certificates with exactly this name.' }),
      serial: z.string().min(1).optional().meta({ description: 'Hex, with or without colons.' }),
      text: namePart.optional().meta({
        description:
          "Part of a name, at least three letters; of certificates one of whose order's present names has it too.",
      }),
      replaced: z.enum(['true', 'false']).optional().meta({
        description:
          '`false`: without those whose place a later certificate has taken, of the same order or of one that renews it; `true`: only those.',
      }),
      key: z
        .string()
        .regex(/^[0-9A-Fa-f]{64}$/, expecting(expected.sha256Hex))
        .optional()
        .meta({ description: "The SHA-256 of the certificate's public key, in hex." }),
    }),
    response: pageOf(listedCertificate),
  }),
  show: endpoint({
    id: 'certificates.show',
    method: 'GET',
    path,
    summary: { en: 'Show a certificate with its chain and everything it says', zh: '证书详情' },
    request: oneCertificate,
    response: certificateDetails
      .extend({
        isKeyOurs: z.boolean().meta({ description: 'We made its key: `POST …/private-key` hands it out.' }),
        crl: z.object({ number: z.int(), since: time }).nullable().meta({
          description:
            'The newest list of revoked certificates, where it has this one; null: it is not revoked, or in no list yet, or an upstream publishes it.',
        }),
        needsApproval: z.boolean().meta({ description: 'An approver would have to agree to its revocation first.' }),
        actions: actionsOf(certificateActions),
      })
      .meta({ id: 'CertificatePage' }),
  }),
  download: endpoint({
    id: 'certificates.download',
    method: 'GET',
    path: `${path}/download`,
    summary: { en: 'The certificate as a file', zh: '下载证书文件' },
    request: z.strictObject({
      certificate: reference('certificate'),
      format: formats.optional().meta({
        description:
          '`fullchain`: certificate and intermediates, what web servers want. `chain`: the issuing certificates. ' +
          '`p7b`: all of them as PKCS #7. `nginx`, `apache`: a zip with the files and lines of that server. ' +
          'Default: by Accept, else `fullchain`.',
      }),
    }),
    response: z
      .object({ mediaType: z.string(), fileName: z.string(), base64: z.string() })
      .meta({ description: 'The bytes of the file, with its media type.' }),
  }),
  revoke: endpoint({
    id: 'certificates.revoke',
    method: 'POST',
    path: `${path}/revoke`,
    summary: { en: 'Revoke one certificate', zh: '吊销证书' },
    request: z.strictObject({ certificate: reference('certificate'), reason: revocation }),
    response: listedCertificate,
  }),
  privateKey: endpoint({
    id: 'certificates.privateKey',
    method: 'POST',
    path: `${path}/private-key`,
    summary: { en: 'The key that we made for a certificate, as a file', zh: '下载由 certmux 生成的私钥' },
    request: z.strictObject({
      certificate: reference('certificate'),
      format: keyFormats.default('pem').meta({
        description:
          '`pem`: the key alone, not encrypted. `pfx` (PKCS #12) and `jks`: key, certificate and chain, under the passphrase.',
      }),
      passphrase: z
        .string()
        .min(shortestPassphrase)
        .max(200)
        .optional()
        .meta({
          description: `Of a \`pfx\` or \`jks\`, ${shortestPassphrase} characters at least. It is kept nowhere.`,
        }),
    }),
    response: z
      .object({ mediaType: z.string(), fileName: z.string(), base64: z.string() })
      .meta({ id: 'KeyFile', description: 'The file, in base64.' }),
  }),
} as const;
