/** What the form of a new order holds, and the request that it makes. */
import type { Input, Reply } from '../api/call.ts';
import { type CustomTexts, filledIn } from '../custom-fields/custom-inputs.tsx';
import type { CustomField } from '../custom-fields/use-custom-fields.ts';
import type { Order } from '../orders/order-types.ts';
import { readCsr } from '../shared/csr/read-csr.ts';
import { namesFrom } from '../shared/names-from.ts';

export type Product = Reply<'products', 'list'>['items'][number];
export const methods = ['dnsTxt', 'dnsCname', 'httpFile', 'httpsFile', 'email'] as const;
export type Method = (typeof methods)[number];

export interface OrganizationDraft {
  readonly name: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
}

export interface Draft {
  /** Number of the account; empty: the caller's own. */
  readonly account: string;
  readonly productCode: string;
  readonly names: string;
  readonly csr: string;
  readonly method: Method;
  readonly periods: number;
  /** Number of one that there is; empty: a new one. */
  readonly organization: string;
  readonly newOrganization: OrganizationDraft;
  /** Number of a part of the account; empty: its first. */
  readonly container: string;
  readonly reference: string;
  readonly comments: string;
  readonly isAutoRenewed: boolean;
  readonly customFields: CustomTexts;
}

export const emptyDraft: Draft = {
  account: '',
  productCode: '',
  names: '',
  csr: '',
  method: 'dnsTxt',
  periods: 1,
  organization: '',
  newOrganization: { name: '', city: '', state: '', country: '' },
  container: '',
  reference: '',
  comments: '',
  isAutoRenewed: false,
  customFields: {},
};

/** Numbers of what an order was for, as far as it is still there. */
export interface StillThere {
  readonly account: string;
  readonly organization: string;
  readonly container: string;
}

/** Ordered once more: the same names, product, organization and part for the same account, with a key of its own. */
export function draftLike(order: Order, { account, organization, container }: StillThere): Draft {
  const [first] = order.names;
  const { name = '', city = '', state = '', country = '' } = order.organization ?? {};
  return {
    ...emptyDraft,
    account,
    organization,
    newOrganization: organization === '' ? { name, city, state, country } : emptyDraft.newOrganization,
    container,
    productCode: order.productCode,
    names: order.names.map(({ name }) => name).join('\n'),
    method: methods.find((method) => method === first?.preferredMethod) ?? emptyDraft.method,
    reference: order.reference ?? '',
    isAutoRenewed: order.isAutoRenewed,
    customFields: Object.fromEntries((order.customFields ?? []).map(({ number, value }) => [number, value])),
  };
}

export type OrderInput = Input<'orders', 'place'>;

/** The names as they are typed, else those of the CSR. */
export function namesOf({ names, csr }: Draft): readonly string[] {
  const typed = namesFrom(names);
  return typed.length > 0 || csr.trim() === '' ? typed : (readCsr(csr)?.names ?? []);
}

/** Null while there is too little for the API to say anything of it. */
export function inputOf(draft: Draft, product: Product | undefined, fields: readonly CustomField[]): OrderInput | null {
  const names = namesFrom(draft.names);
  const csr = draft.csr.trim();
  if (product === undefined || (names.length === 0 && csr === '')) return null;
  const organization = organizationOf(draft);
  const customFields = filledIn(fields, draft.customFields);
  return {
    productCode: product.productCode,
    method: draft.method,
    ...(names.length === 0 ? {} : { names: [...names] }),
    ...(csr === '' ? {} : { csr }),
    ...(draft.account.trim() === '' ? {} : { account: draft.account.trim() }),
    ...(draft.periods === 1 ? {} : { periods: draft.periods }),
    ...(product.level === 'dv' || organization === null ? {} : { organization }),
    ...(draft.container === '' ? {} : { container: draft.container }),
    ...(draft.reference.trim() === '' ? {} : { reference: draft.reference.trim() }),
    ...(draft.comments.trim() === '' ? {} : { comments: draft.comments.trim() }),
    ...(draft.isAutoRenewed ? { isAutoRenewed: true } : {}),
    ...(fields.length === 0 ? {} : { customFields }),
  };
}

function organizationOf({ organization, newOrganization }: Draft): string | OrganizationDraft | null {
  if (organization !== '') return organization;
  const { name, city, state, country } = newOrganization;
  const details = { name: name.trim(), city: city.trim(), state: state.trim(), country: country.trim().toUpperCase() };
  return details.name === '' ? null : details;
}
