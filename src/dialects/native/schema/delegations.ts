/** What must stand at the customer's for CAs that look for it there: delegations, records, our responder. */
import { z } from 'zod';
import { agentModes } from '../../../domain/relay.ts';
import { accountChoice, endpoint } from './shapes.ts';

const mostNames = 100;

const recordToSet = z
  .object({
    type: z.enum(['CNAME', 'TXT']),
    host: z.string().meta({ description: 'Absolute, without a trailing dot.' }),
    value: z.string(),
    relativeHost: z.string().meta({ description: 'The host without the domain, as DNS panels want it.' }),
  })
  .meta({ id: 'RecordToSet' });

const way = z
  .object({
    mode: z.enum(agentModes).meta({
      description:
        '`alias`: `_acme-challenge` is delegated to the zone of this server. `serve`: this server answers on port 80 of the name. `persist`: a TXT record names the CA and the account there. `signfile`: a file of the upstream is served at the name.',
    }),
    issuers: z.array(z.string()).meta({ description: 'The configured issuers that need it.' }),
    stands: z.boolean().meta({ description: 'The CA would find what it looks for.' }),
    problem: z.string().nullable().meta({ description: 'What is missing, and what to do; null where it stands.' }),
    notes: z.array(z.string()).meta({ description: 'What is odd although it stands.' }),
    record: recordToSet.nullable().meta({
      description:
        'The record to set; null in the mode `serve`, and while the account at the CA is not registered yet.',
    }),
    hops: z
      .array(z.object({ name: z.string(), target: z.string() }))
      .meta({ description: 'Each CNAME record as resolved now, from the host of the record on.' }),
    others: z
      .array(z.object({ type: z.string(), data: z.string() }))
      .meta({ description: 'Other records at the host of the record.' }),
    responder: z.string().nullable().meta({
      description: 'In the mode `serve`: where a web server passes `/.well-known/acme-challenge/` on to.',
    }),
    file: z
      .object({ path: z.string(), content: z.string() })
      .nullable()
      .meta({ description: 'In the mode `signfile`: the file to serve at the name.' }),
  })
  .meta({ id: 'DelegationWay' });

const checkedName = z
  .object({
    name: z.string(),
    domain: z.string().meta({ description: 'The domain in whose zone the record is set.' }),
    ways: z
      .array(way)
      .meta({ description: 'One for each mode, and in `persist` for each CA; empty where nothing is needed.' }),
  })
  .meta({ id: 'CheckedDelegation' });

export const delegationsApi = {
  check: endpoint({
    id: 'delegations.check',
    method: 'POST',
    path: '/api/v1/delegations/check',
    summary: {
      en: 'Look now whether names are delegated, and which record is missing',
      zh: '立即检查域名的委托，并给出缺少的记录',
    },
    request: z.strictObject({
      account: accountChoice,
      names: z.array(z.string().min(1).max(1000)).min(1).max(mostNames),
      product: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'Only what the issuer of this product needs, such as `encryption365:100`.' }),
    }),
    response: z.object({
      stands: z.boolean().meta({ description: 'All of it stands, for every name.' }),
      names: z.array(checkedName),
    }),
    fieldNames: { productCode: 'product' },
  }),
} as const;
