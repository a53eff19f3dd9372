/** A certificate authority of the server, with its list of revoked certificates. */
import { z } from 'zod';
import { time } from './shapes.ts';

export const authority = z
  .object({
    id: z.string(),
    issuerId: z.string(),
    role: z.enum(['root', 'intermediate']),
    keyKind: z.string(),
    parentId: z.string().nullable(),
    subject: z.string(),
    sha256: z.string().meta({ description: 'Fingerprint of the DER, lower-case hex.' }),
    notAfter: time,
    createdAt: time,
    keyPlace: z
      .enum(['here', 'outside'])
      .meta({ description: '`outside`: its certificate and its lists come as files (`install`, `list`).' }),
    signsFrom: time.nullable().meta({ description: 'From then on it signs certificates; null: since it was made.' }),
    retiredAt: time.nullable().meta({ description: 'Since when another one signs certificates in its place.' }),
    closedAt: time.nullable().meta({ description: 'When its last list was published: none follows.' }),
    revokedAt: time.nullable().meta({ description: 'Since when the list of the CA above names it.' }),
    importedAt: time.nullable().meta({ description: 'When its key came from another CA; null: made here.' }),
    crl: z
      .object({
        number: z.int(),
        thisUpdate: time,
        nextUpdate: time.meta({ description: 'Until then clients take this one; a new one is made long before.' }),
        entries: z.int().meta({ description: 'Revoked certificates that have not ended.' }),
        sizeBytes: z.int(),
      })
      .nullable()
      .meta({ description: 'The newest list of revoked certificates; null: none was published yet.' }),
    listDue: z.boolean().meta({
      description: 'Its key is outside, and its next list is to be handed in: a third of the present one is left.',
    }),
    certificates: z
      .object({ issued: z.int(), revoked: z.int() })
      .nullable()
      .meta({ description: 'In all; null for those who are no operators.' }),
    pem: z.string(),
  })
  .meta({ id: 'Authority' });
