/** Rows of orders and their issuances, of names in them and of notes to them. */
import { identifierOf } from '../../domain/identifier.ts';
import type { AccountId, AuthorizationId } from '../../domain/ids.ts';
import type {
  Finding,
  Issuance,
  IssuanceName,
  IssuancePlan,
  IssuanceSummary,
  RequestedValidity,
  Rest,
} from '../../domain/issuance.ts';
import { defaultReminderSettings, type Note, type NoteVersion, type Order } from '../../domain/order.ts';
import { codecOf, type RowOf } from '../codec.ts';
import {
  blob,
  date,
  derived,
  type Flag,
  flag,
  fromJson,
  fromMs,
  group,
  id,
  int32,
  integer,
  json,
  jsonOf,
  lazy,
  mapped,
  nullable,
  nullableReference,
  reference,
  text,
  toJson,
  toMsOrNull,
} from '../fields.ts';
import { idForm } from '../id-bytes.ts';

interface PlanJson extends Omit<IssuancePlan, 'notBefore' | 'notAfter'> {
  readonly notBefore: number;
  readonly notAfter: number;
}

export const planJson = {
  write({ notBefore, notAfter, ...plan }: IssuancePlan): string {
    const json: PlanJson = { ...plan, notBefore: notBefore.getTime(), notAfter: notAfter.getTime() };
    return toJson(json);
  },
  read(stored: string): IssuancePlan {
    const plan = fromJson<PlanJson>(stored);
    return { ...plan, notBefore: fromMs(plan.notBefore), notAfter: fromMs(plan.notAfter) };
  },
};

interface RestJson extends Omit<Rest, 'since'> {
  readonly since: number;
}

export const restJson = {
  write({ since, ...rest }: Rest): string {
    const json: RestJson = { ...rest, since: since.getTime() };
    return toJson(json);
  },
  read(stored: string): Rest {
    const rest = fromJson<RestJson>(stored);
    return { ...rest, since: fromMs(rest.since) };
  },
};

interface FindingJson extends Pick<Finding, 'name' | 'reason'> {
  readonly method?: Finding['method'];
  readonly since?: number | null;
}

export const findingJson = {
  write({ name, method, reason, since }: Finding): string {
    const json: FindingJson = { name, method, reason, since: toMsOrNull(since) };
    return toJson(json);
  },
  read(stored: string): Finding {
    const { name, method = null, reason, since = null } = fromJson<FindingJson>(stored);
    return { name, method, reason, since: since === null ? null : fromMs(since) };
  },
};

/** JSON has no dates: `until` is text in it. */
export const validityJson = {
  write: toJson,
  read(stored: string): RequestedValidity {
    const validity = fromJson<{ readonly days: number } | { readonly until: string }>(stored);
    return 'until' in validity ? { until: new Date(validity.until) } : validity;
  },
};

/** The names between blanks, for searches: ` www.example.com example.com `. No name holds a blank. */
export function textOf(names: readonly IssuanceName[]): string {
  return ` ${names.map(({ identifier }) => identifier.value).join(' ')} `;
}

const authorizationForm = idForm('authorization');
const idLength = 16;

/** The ids of the authorizations of the names, in their order, one behind the other. */
export function proofsJoined(names: readonly IssuanceName[]): Uint8Array {
  const ids = names.map(({ authorizationId }) => authorizationForm.toBytes(authorizationId));
  const joined = new Uint8Array(ids.length * idLength);
  ids.forEach((id, index) => {
    if (id.length !== idLength) throw new Error('the authorization of a name has no id');
    joined.set(id, index * idLength);
  });
  return joined;
}

function namesOf(text: string, proofs: Uint8Array): readonly IssuanceName[] {
  if (proofs.length === 0) return [];
  return valuesIn(text).map((value, index) => ({
    identifier: identifierOf(value),
    authorizationId: authorizationIdIn(proofs.subarray(index * idLength, (index + 1) * idLength)),
  }));
}

function authorizationIdIn(bytes: Uint8Array): AuthorizationId {
  return authorizationForm.toText(bytes) as AuthorizationId;
}

function valuesIn(text: string): readonly string[] {
  return text.trim().split(' ');
}

const shared = {
  number: int32('number'),
  id: id('id', 'issuance'),
  orderId: id('order_id', 'order'),
  accountId: id('account_id', 'account'),
  kind: text('kind'),
  state: text('state'),
  proofReference: text('proof_reference'),
  profileId: text('profile_id'),
  issuerId: text('issuer_id'),
  isCheckedOnRequest: flag('is_checked_on_request'),
  chargedMinor: integer('charged_minor'),
  validatingSince: nullable(date('validating_since')),
  certificateId: nullable(id('certificate_id', 'certificate')),
  failure: nullable(json('failure_json')),
  finding: nullable(jsonOf('finding_json', findingJson)),
  rest: nullable(jsonOf('rest_json', restJson)),
  createdAt: date('created_at'),
} as const;

export const issuances = codecOf<Issuance>()(
  'issuances',
  {
    ...shared,
    // The names are rarely needed for all issuances of an order. `names_text` has them.
    names: lazy(
      mapped('proofs', 'blob', {
        write: ({ names }: Issuance) => proofsJoined(names),
        read: (stored: Uint8Array, { names_text: text }) => namesOf(String(text), stored),
      }),
    ),
    csr: nullable(blob('csr')),
    sealedKey: nullable(blob('sealed_key')),
    validity: nullable(jsonOf('validity_json', validityJson)),
    plan: nullable(jsonOf('plan_json', planJson)),
    actingClientId: nullable(text('acting_client_id')),
  },
  {
    namesText: derived('names_text', 'text', ({ names }: Issuance) => textOf(names)),
    nameCount: derived('name_count', 'integer', ({ names }: Issuance) => names.length),
    orderNumber: reference('order_number', 'orderId'),
    certificateNumber: nullableReference('certificate_number', 'certificateId'),
  },
);

export type IssuanceRow = RowOf<typeof issuances>;

/** Columns for lists, small for any number of names: `names_text` is cut up, not parsed. */
export const issuanceSummaries = codecOf<IssuanceSummary>()('issuances', {
  ...shared,
  names: lazy(
    mapped('names_text', 'text', {
      write: ({ names }: IssuanceSummary) => names.join(' '),
      read: valuesIn,
    }),
  ),
  hasCsr: flag('has_csr'),
});

export const orders = codecOf<Order>()(
  'orders',
  {
    number: int32('number'),
    id: id('id', 'order'),
    accountId: id('account_id', 'account'),
    credentialId: nullable(id('credential_id', 'credential')),
    dialect: text('dialect'),
    productId: id('product_id', 'product'),
    state: text('state'),
    coverage: group({ unit: text('coverage_unit'), count: int32('coverage_count') }),
    coverageFrom: nullable(date('coverage_from')),
    coverageUntil: nullable(date('coverage_until')),
    totalMinor: integer('total_minor'),
    paidMinor: integer('paid_minor'),
    currency: text('currency'),
    renewalOf: nullable(id('renewal_of', 'order')),
    renewedBy: nullable(id('renewed_by', 'order')),
    renewalMark: nullable(text('renewal_mark')),
    isAutoRenewed: flag('is_auto_renewed'),
    // Null: the default.
    reminders: mapped('reminders_json', 'text or null', {
      write: ({ reminders }: Order) => (isDefault(reminders) ? null : toJson(reminders)),
      read: (stored: string | null): Order['reminders'] =>
        stored === null ? defaultReminderSettings : fromJson(stored),
    }),
    organization: nullable(json('organization_json')),
    organizationId: nullable(id('organization_id', 'organization')),
    containerId: nullable(id('container_id', 'container')),
    // Null: none.
    customValues: mapped('custom_values_json', 'text or null', {
      write: ({ customValues }: Order) => (customValues.length === 0 ? null : toJson(customValues)),
      read: (stored: string | null): Order['customValues'] => (stored === null ? [] : fromJson(stored)),
    }),
    alternativeReference: nullable(text('alternative_reference')),
    contact: nullable(json('contact_json')),
    issuanceId: id('issuance_id', 'issuance'),
    dialectData: json('dialect_data_json'),
    notifyUrl: nullable(text('notify_url')),
    createdAt: date('created_at'),
  },
  {
    // The newest issuance.
    issuanceNumber: reference('issuance_number', 'issuanceId'),
    // A new one that is open is found by its number (`late-lists.ts`).
    isListed: derived(
      'is_listed',
      'int32',
      ({ state }: Order): Flag => (state === 'open' || state === 'active' ? 0 : 1),
    ),
    firstIssuanceNumber: reference('first_issuance_number', 'issuanceId'),
    // Set when there is a certificate.
    certificateUntil: derived('certificate_until', 'integer or null', (_: Order): number | null => null),
  },
);

export type OrderRow = RowOf<typeof orders>;

function isDefault({ isOff, addresses, message }: Order['reminders']): boolean {
  return isOff === defaultReminderSettings.isOff && addresses.length === 0 && message === '';
}

/** A name that any issuance of the order requested. */
export const orderNames = codecOf<{ readonly name: string; readonly orderNumber: number }>()('order_names', {
  name: text('name'),
  orderNumber: int32('order_number'),
});

/** One of the customer's numbers of an order. */
export const orderReferences = codecOf<{
  readonly accountId: AccountId;
  readonly reference: string;
  readonly orderNumber: number;
}>()('order_references', {
  accountId: id('account_id', 'account'),
  reference: text('reference'),
  orderNumber: int32('order_number'),
});

export const notes = codecOf<Note>()(
  'notes',
  {
    number: int32('number'),
    id: id('id', 'note'),
    orderId: id('order_id', 'order'),
    author: text('author'),
    text: text('text'),
    createdAt: date('created_at'),
    version: int32('version'),
    changedBy: nullable(text('changed_by')),
    changedAt: nullable(date('changed_at')),
    removedAt: nullable(date('removed_at')),
  },
  { orderNumber: reference('order_number', 'orderId') },
);

export const noteVersions = codecOf<NoteVersion>()('note_versions', {
  noteNumber: int32('note_number'),
  version: int32('version'),
  author: text('author'),
  text: text('text'),
  writtenAt: date('written_at'),
});
