/** Every field of a certificate (RFC 5280 §4.1), as data. */
import { z } from 'zod';
import { time } from './shapes.ts';

const name = z
  .array(z.object({ type: z.string().meta({ description: '`CN`, `O`, `C`, or the OID.' }), value: z.string() }))
  .meta({ description: 'Its attributes, in their order.' });
const hex = z.string().meta({ description: 'Lower-case hex.' });
const urls = z.array(z.string());

export const decodedCertificate = z
  .object({
    version: z.int(),
    serial: hex,
    signatureAlgorithm: z.string(),
    subject: name,
    issuer: name,
    notBefore: time,
    notAfter: time,
    key: z.object({
      kind: z.string().meta({ description: '`RSA 2048`, `P-256`, `Ed25519` and the like.' }),
      bits: z.int().nullable().meta({ description: 'Null: of a kind that is not known here.' }),
      sha256: z.string().meta({ description: 'Of the SubjectPublicKeyInfo, lower-case hex.' }),
    }),
    names: z.array(z.string()).meta({ description: 'DNS names and IP addresses of the subjectAltName.' }),
    isCa: z.boolean(),
    pathLength: z.int().nullable(),
    keyUsages: z.array(z.string()),
    purposes: z.array(z.string()).meta({ description: 'Extended key usages, by name where they have one.' }),
    policies: z.array(z.object({ oid: z.string(), name: z.string() })),
    subjectKeyId: hex.nullable(),
    authorityKeyId: hex.nullable(),
    caIssuers: urls,
    ocsp: urls,
    crls: urls,
    extensions: z
      .array(z.object({ oid: z.string(), name: z.string(), isCritical: z.boolean() }))
      .meta({ description: 'All of them, in their order.' }),
    sha1: hex,
    sha256: hex,
  })
  .meta({ id: 'DecodedCertificate' });
