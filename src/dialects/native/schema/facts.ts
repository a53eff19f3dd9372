/** What this installation is made of, and how its parts do: profiles, issuers, the server. */
import { z } from 'zod';
import { agentModes } from '../../../domain/relay.ts';
import { shownMethods } from './orders.ts';
import { endpoint, nothing, pageOf, time, wholeRequest } from './shapes.ts';

const profile = z
  .object({
    id: z.string(),
    level: z.enum(['dv', 'ov', 'ev']),
    isPublicLike: z.boolean().meta({ description: 'It keeps the rules of public CAs.' }),
    maxValidityDays: z.int().meta({ description: 'The longest certificate.' }),
    reuseDays: z.int().meta({ description: 'How long a proof serves later orders of the account.' }),
    validationDays: z.int().meta({ description: 'How long names are checked before the order fails.' }),
    keyKinds: z.array(z.string()).meta({ description: '`rsa`: 2048 to 4096 bits.' }),
    methods: z.array(shownMethods),
    wildcardByFile: z.boolean().meta({ description: 'Whether a file at the base name proves a wildcard.' }),
    requiresKnownSuffix: z.boolean().meta({ description: 'Names must end in a public suffix; `.internal` does not.' }),
    allowsReservedIp: z.boolean().meta({ description: 'Whether addresses like 10.0.0.1 are certified.' }),
    checksCaa: z.boolean().meta({ description: 'Whether CAA records may forbid a certificate.' }),
    includesCommonName: z.boolean(),
    includesSubjectKeyId: z.boolean(),
    backdateSeconds: z.int().meta({ description: 'How far in the past certificates begin.' }),
    policyOids: z.array(z.string()),
  })
  .meta({ id: 'Profile' });

const issuerState = z
  .object({
    id: z.string(),
    kind: z.enum(['embedded', 'upstream', 'pool']),
    mode: z.enum(['own', 'standing', ...agentModes, 'relay']).meta({ description: 'As in the list of upstreams.' }),
    health: z.enum(['working', 'faulty', 'stopped']).meta({
      description:
        '`faulty`: its last calls failed. `stopped`: nothing is sent there until `breaker.nextTryAt`; of our own CA, nothing is signed.',
    }),
    lastIssuedAt: time.nullable().meta({ description: 'Its last certificate.' }),
    issuedIn30Days: z.int(),
    upstream: z.string().nullable().meta({ description: 'The account there, by which `/upstreams` shows more.' }),
    members: z.array(z.string()).meta({ description: 'Of a pool, in their order.' }),
    authorities: z.array(z.string()).meta({ description: 'Of the embedded one: ids of its authorities.' }),
    withoutCa: z
      .boolean()
      .meta({ description: 'Of the embedded one: a CA outside is to certify it, and has not yet. Orders wait.' }),
    queue: z.object({
      due: z.int().meta({ description: 'Jobs of its own that nobody has taken; at most 10,000.' }),
      oldestDueAt: time.nullable(),
      underWay: z
        .int()
        .meta({ description: 'Orders at the upstream that are not over, of all issuers of that account.' }),
    }),
    breaker: z
      .object({ openSince: time.nullable(), nextTryAt: time })
      .nullable()
      .meta({ description: 'Null: closed.' }),
    budget: z
      .object({ name: z.string(), limit: z.int(), spent: z.int(), left: z.int() })
      .nullable()
      .meta({ description: 'The one of which the least is left.' }),
    lastFailure: z
      .object({ at: time.nullable(), faults: z.int().meta({ description: 'In a row.' }), detail: z.string() })
      .nullable(),
  })
  .meta({ id: 'IssuerState' });

const node = z.object({
  name: z.string(),
  version: z.string(),
  role: z.string().meta({ description: '`all`, `api` or `worker`.' }),
  startedAt: time,
  seenAt: time.meta({ description: 'To within some minutes.' }),
  isThis: z.boolean().meta({ description: 'The one that answers.' }),
});

const server = z
  .object({
    version: z.string(),
    now: time.meta({ description: 'By the clock of this server.' }),
    startedAt: time,
    role: z.string(),
    threads: z.int(),
    publicUrl: z.string(),
    listeners: z.array(z.string()).meta({ description: 'As configured.' }),
    responders: z.array(z.string()).meta({ description: 'Of the responder to HTTP challenges, where it has its own.' }),
    dataDirectory: z.string(),
    database: z.object({ engine: z.enum(['sqlite', 'postgres']), title: z.string() }),
    resolvers: z.array(z.string()).meta({ description: 'Those that validation asks, in this order.' }),
    mail: z
      .object({ server: z.string(), tls: z.string(), from: z.string() })
      .nullable()
      .meta({ description: 'Null: no mail is sent.' }),
    nodes: z.array(node).meta({ description: 'Those that share the database, of the last day.' }),
    jobs: z
      .object({ waiting: z.int(), running: z.int(), failed: z.int() })
      .meta({ description: 'At most 10,000 of each.' }),
    isDiskFull: z.boolean().meta({ description: 'Ordinary writes are refused.' }),
    clockFault: z
      .string()
      .nullable()
      .meta({ description: 'Why the clock is taken to be wrong, and nothing is signed.' }),
    config: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Every setting as it is in force, with the defaults; `…` stands for a secret.' }),
    libraries: z
      .array(z.object({ name: z.string(), version: z.string(), licence: z.string() }))
      .meta({ description: 'The packages of others that it runs with.' }),
  })
  .meta({ id: 'Server' });

export const profilesApi = {
  list: endpoint({
    id: 'profiles.list',
    method: 'GET',
    path: '/api/v1/profiles',
    summary: { en: 'What certificates of each profile may be', zh: '证书模板列表' },
    request: wholeRequest,
    response: pageOf(profile),
  }),
} as const;

export const issuersApi = {
  list: endpoint({
    id: 'issuers.list',
    method: 'GET',
    path: '/api/v1/issuers',
    summary: { en: 'The issuers, and how each does', zh: '签发机构及其状态' },
    request: wholeRequest.extend({
      withoutCa: z
        .literal('true')
        .optional()
        .meta({ description: '`true`: only one that has no CA yet, since a CA outside is to certify it.' }),
    }),
    response: pageOf(issuerState),
  }),
} as const;

export const serverApi = {
  show: endpoint({
    id: 'server.show',
    method: 'GET',
    path: '/api/v1/server',
    summary: { en: 'The server: version, settings in force, nodes', zh: '服务器信息：版本、生效的配置、节点' },
    request: nothing,
    response: server,
  }),
} as const;
