/** Changes as whoever follows them hears of them: what has changed, and never how. They are read from the audit log. */
import { type Caller, isOperator, keyReadingRoles, overseeingRoles } from './caller.ts';
import type { Event } from './event.ts';
import { isId, type Noun, prefixOf } from './ids.ts';
import type { Role } from './role.ts';

/** What has changed, by the name that the calls of the native API have for it. */
export const topics = [
  'accounts',
  'acmeKeys',
  'alarms',
  'approvals',
  'authorities',
  'authorizations',
  'certificates',
  'containers',
  'credentials',
  'customFields',
  'deliveries',
  'domains',
  'jobs',
  'keyEncryption',
  'keys',
  'mail',
  'orders',
  'organizations',
  'products',
  'roleGrants',
  'server',
  'sessions',
  'upstreams',
  'users',
  'webhooks',
] as const;

export type Topic = (typeof topics)[number];

export interface Change {
  readonly topic: Topic;
  /** Null: what has no id of its own, or several at once. */
  readonly id: string | null;
  /** The number of its event: of two changes of an object the later has the larger one. */
  readonly version: number;
}

const topicOfNoun = {
  account: 'accounts',
  approval: 'approvals',
  authority: 'authorities',
  authorization: 'authorizations',
  certificate: 'certificates',
  container: 'containers',
  credential: 'credentials',
  customField: 'customFields',
  delivery: 'deliveries',
  externalAccountKey: 'acmeKeys',
  job: 'jobs',
  managedDomain: 'domains',
  order: 'orders',
  organization: 'organizations',
  product: 'products',
  roleGrant: 'roleGrants',
  user: 'users',
  userSession: 'sessions',
  webhook: 'webhooks',
} as const satisfies Partial<Record<Noun, Topic>>;

const nounOfPrefix: ReadonlyMap<string, keyof typeof topicOfNoun> = new Map(
  (Object.keys(topicOfNoun) as (keyof typeof topicOfNoun)[]).map((noun) => [prefixOf(noun), noun]),
);

/** Of events whose subject has no id: by the first word of their kind. */
const topicOfKind: Readonly<Record<string, Topic>> = {
  alarm: 'alarms',
  clock: 'server',
  crl: 'authorities',
  job: 'jobs',
  key: 'keys',
  keyEncryption: 'keyEncryption',
  mail: 'mail',
  product: 'products',
  server: 'server',
  upstream: 'upstreams',
};

/** Topics that not everybody in an account, or nobody there, may read. */
const readersOfTopic: Readonly<Partial<Record<Topic, readonly Role[]>>> = {
  alarms: overseeingRoles,
  credentials: keyReadingRoles,
  jobs: overseeingRoles,
  keyEncryption: overseeingRoles,
  mail: overseeingRoles,
  roleGrants: keyReadingRoles,
  server: overseeingRoles,
  sessions: keyReadingRoles,
  upstreams: overseeingRoles,
};

export function mayFollow(caller: Pick<Caller, 'roles' | 'scope'>, topic: Topic): boolean {
  const readers = readersOfTopic[topic];
  return readers === undefined || isOperator(caller) || readers.some((role) => caller.roles.includes(role));
}

/** The changes that an event stands for: of its subject, and of whatever else it names. */
export function changesOf({ kind, subject, data, sequence }: Event): readonly Change[] {
  const found = [subject, ...Object.values(data).flat()].flatMap((value) => changeOfId(value, sequence));
  if (found.length > 0) return found;
  const topic = topicOfKind[kind.split('.')[0] ?? ''];
  return topic === undefined ? [] : [{ topic, id: null, version: sequence }];
}

function changeOfId(value: unknown, version: number): readonly Change[] {
  if (typeof value !== 'string') return [];
  const noun = nounOfPrefix.get(value.slice(0, Math.max(value.indexOf('_'), 0)));
  return noun === undefined || !isId(noun, value) ? [] : [{ topic: topicOfNoun[noun], id: value, version }];
}
