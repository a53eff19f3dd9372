/** Orders: placing, reading, listing and changing them. */

import { quoted, refuse } from '../../../domain/errors.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { ChangedOrder, OrderSummary } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { eachInTurn, gather, issuancesAtMost, itemsOf, pagesOfIssuances } from '../../kit/pages.ts';
import { readContainers } from '../containers/container-to-wire.ts';
import { csrAttempt } from '../dialect-data.ts';
import { basePath } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { orderStatus } from '../status.ts';
import { createActors } from '../users/people.ts';
import { alsoCsv } from '../wire/csv.ts';
import { onlyValueOf } from '../wire/filters.ts';
import { offsetQueryOf, pageLimit, pageToWire, withoutPagesAtMost } from '../wire/paging.ts';
import { listRequest, nothing } from '../wire/shapes.ts';
import { isWholeDay, parseMoment, timestamp } from '../wire/wire-time.ts';
import { csrFromWire } from './csr-spelling.ts';
import { shownNotes } from './order-notes.ts';
import { orderSearchOf } from './order-search.ts';
import { certificateId, orderItemToWire } from './order-to-wire.ts';
import { domainsOf, placeOrder } from './place-order.ts';
import { orderNumberRequest, orderRequest, placed, placeRequest } from './place-schema.ts';
import { placedToWire, settleProved } from './placed-to-wire.ts';
import { findOrder, primarySummaryOf, readOrderInfo } from './read-order.ts';
import {
  alternateRequest,
  alternates,
  changes,
  changesRequest,
  csrRequest,
  customFieldChange,
  note,
  noteRequest,
  notes,
  orderInfo,
  orderList,
  renewalMessageRequest,
  statusRequest,
} from './schema.ts';

const orders = `${basePath}/order/certificate`;
const ofOrder = `${orders}/:order_id`;

export const place = callerOperation({
  id: 'order.place',
  fieldNames: { csr: 'certificate.csr', customValues: 'custom_fields.metadata_id' },
  method: 'POST',
  path: `${orders}/:product_name_id`,
  summary: { en: 'Order a certificate', zh: '提交证书订单' },
  status: 201,
  request: placeRequest,
  response: placed,
  async handle(input, session: Client) {
    const { services } = session;
    const view = await placeOrder(input, session);
    const domains = await domainsOf(view, input.dcv_method, session);
    return placedToWire(await settleProved(view, session), {
      services,
      domains,
      skipsApproval: input.skip_approval,
      mayMakeOrganization: input.organization !== undefined && input.organization.id === undefined,
    });
  },
});

export const list = callerOperation({
  id: 'order.list',
  ...alsoCsv,
  method: 'GET',
  path: orders,
  summary: { en: 'Orders of the account', zh: '订单列表' },
  request: listRequest,
  response: orderList,
  async handle(input, session: Client) {
    const search = orderSearchOf(input);
    const found = await session.services.orders.search(session.caller, search);
    const containers = await readContainers(session);
    const items = await eachInTurn(found.items, async (view) =>
      orderItemToWire(view, {
        primary: await primarySummaryOf(view, session),
        container: containers.of(view.order.containerId),
      }),
    );
    return { orders: items, page: pageToWire(found, search) };
  },
});

const dayMs = 86_400_000;
const longestFrameDays = 7;

export const statusChanges = callerOperation({
  id: 'order.statusChanges',
  method: 'GET',
  path: `${orders}/status-changes`,
  summary: { en: 'Orders whose status changed', zh: '状态有变化的订单' },
  request: changesRequest,
  response: changes,
  async handle(input, { services, caller }: Client) {
    const until = services.clock.now();
    const from = changesSince(input, until);
    const changed = (before?: number) =>
      services.orders.listChanged(caller, { from, until, limit: pageLimit, ...withDefined({ before }) });
    const orders: ReturnType<typeof changedToWire>[] = [];
    for await (const view of itemsOf(changed)) if (orders.push(changedToWire(view)) >= withoutPagesAtMost) break;
    return { orders };
  },
});

/** @throws {CertError} invalidField for more than a week, or without a start */
function changesSince(
  input: {
    minutes?: number | undefined;
    seconds?: number | undefined;
    filters: Readonly<Record<string, readonly string[]>>;
  },
  now: Date,
): Date {
  const property = 'status_last_updated';
  const since = onlyValueOf(input.filters, property);
  const { minutes = 0, seconds = 0 } = input;
  if (since === undefined && minutes + seconds === 0) throw refuse('fieldMissing', { field: 'minutes' });
  const from =
    since === undefined ? new Date(now.getTime() - (minutes * 60 + seconds) * 1000) : momentOf(since, property);
  // A day on top: the vendor's clock for this one filter is not UTC, and clients allow for that.
  const allowedMs = longestFrameDays * dayMs + (since === undefined ? 0 : dayMs);
  if (now.getTime() - from.getTime() > allowedMs) throw refuse('timeFrameTooLong', { days: longestFrameDays });
  return from;
}

/** A date, with a time or without; `...` after it begins the end of a range, which is now. */
function momentOf(text: string, property: string): Date {
  const start = text.replace(/^[<>]=?/, '').split('...')[0] ?? '';
  const moment = parseMoment(start);
  if (moment !== undefined) return isWholeDay(start) ? new Date(moment.getTime() - dayMs) : moment;
  throw refuse('fieldInvalid', {
    field: `filters[${property}]`,
    value: quoted(text),
    expected: expected.filterDate,
  });
}

function changedToWire(view: OrderSummary | ChangedOrder) {
  const id = certificateId(view.issuance);
  return {
    order_id: view.order.number,
    ...withDefined({ certificate_id: id }),
    status: orderStatus(view),
  };
}

const byAlternative = callerOperation({
  id: 'order.byAlternative',
  method: 'GET',
  path: `${basePath}/order/alternate/:alternative_order_id`,
  summary: { en: "Orders by the customer's own id", zh: '按客户自定编号查询订单' },
  request: alternateRequest,
  response: alternates,
  async handle(input, { services, caller }: Client) {
    const query = offsetQueryOf(input);
    const alternativeReference = input.alternative_order_id;
    const found = await services.orders.search(caller, { ...query, alternativeReference });
    if (found.total === 0) throw refuse('notFound', { what: 'order', value: quoted(alternativeReference) });
    return { orders: found.items.map(changedToWire), page: pageToWire(found, query) };
  },
});

export const show = callerOperation({
  id: 'order.info',
  method: 'GET',
  path: ofOrder,
  summary: { en: 'An order', zh: '订单详情' },
  request: orderRequest,
  response: orderInfo,
  async handle({ order_id }, session: Client) {
    return readOrderInfo(await findOrder(order_id, session), session);
  },
});

export const changeStatus = callerOperation({
  id: 'order.status',
  method: 'PUT',
  path: `${ofOrder}/status`,
  summary: { en: 'Cancel an order, or mark it as renewed or not', zh: '取消订单或标记续订状态' },
  request: statusRequest,
  response: nothing,
  async handle({ order_id, status, note: text = '' }, { services, caller }: Client) {
    const { orders, issuances } = services;
    const reference = { number: order_id };
    if (status === 'renewed' || status === 'not_renewed') {
      await orders.change(caller, reference, { renewalMark: status === 'renewed' ? 'renewed' : 'notRenewed' });
      return;
    }
    const view = await orders.get(caller, reference);
    if (orderStatus(view) === 'reissue_pending') await issuances.withdrawReissue(caller, reference);
    else await orders.cancel(caller, reference, { note: text });
  },
});

const provideCsr = callerOperation({
  id: 'order.csr',
  method: 'POST',
  path: `${ofOrder}/csr`,
  summary: { en: 'The CSR of an order that was placed without one', zh: '补交 CSR' },
  request: csrRequest,
  response: nothing,
  async handle({ order_id, csr: text }, { services, caller }: Client) {
    const { issuances, orders } = services;
    const csr = csrFromWire(text, 'csr');
    const { order, issuance } = await issuances.provideCsr(caller, { number: order_id }, csr);
    const spelling = csrAttempt(text, csr);
    if (spelling.csr === undefined) return;
    const { proofReference } = issuance;
    await orders.change(caller, { id: order.id }, { dialectData: { attempts: { [proofReference]: spelling } } });
  },
});

const addNote = callerOperation({
  id: 'order.addNote',
  method: 'POST',
  path: `${ofOrder}/note`,
  summary: { en: 'Write a note to an order', zh: '添加订单备注' },
  status: 201,
  request: noteRequest,
  response: note,
  async handle({ order_id, text }, session: Client) {
    const { services, caller } = session;
    const added = await services.notes.add(caller, { number: order_id }, text);
    const user = await createActors(session).of(added.author, await services.accounts.get(caller));
    return { id: added.number, date_created: timestamp(added.createdAt), text: added.text, user };
  },
});

const listNotes = callerOperation({
  id: 'order.notes',
  method: 'GET',
  path: `${ofOrder}/note`,
  summary: { en: 'Notes of an order', zh: '订单备注列表' },
  request: orderNumberRequest,
  response: notes,
  async handle({ order_id }, session: Client) {
    const { services, caller } = session;
    const reference = { number: order_id };
    const written = await services.notes.list(caller, reference);
    const issuances = await gather(pagesOfIssuances(reference, services.issuances, caller), issuancesAtMost);
    const view = await services.orders.get(caller, reference);
    const found = shownNotes(view, { notes: written, issuances }, session.language);
    const account = await services.accounts.get(caller);
    const actors = createActors(session);
    const items = found.map(async ({ number, createdAt, text, author }) => ({
      id: number,
      date_created: timestamp(createdAt),
      text,
      user: await actors.of(author, account),
    }));
    return { notes: await Promise.all(items) };
  },
});

const setCustomField = callerOperation({
  id: 'order.customField',
  method: 'POST',
  path: `${ofOrder}/custom-field`,
  summary: { en: 'Fill a custom field of an order', zh: '填写订单自定义字段' },
  request: customFieldChange,
  response: nothing,
  async handle({ order_id, metadata_id, value }, { services, caller }: Client) {
    const change = { customValues: [{ fieldNumber: metadata_id, value }] };
    await services.orders.change(caller, { number: order_id }, change);
  },
});

const setRenewalMessage = callerOperation({
  id: 'order.renewalMessage',
  method: 'PUT',
  path: `${ofOrder}/custom-renewal-message`,
  summary: { en: 'What renewal reminders of an order say', zh: '设置续订提醒内容' },
  request: renewalMessageRequest,
  response: nothing,
  async handle({ order_id, custom_renewal_message: message }, { services, caller }: Client) {
    const { order } = await services.orders.get(caller, { number: order_id });
    await services.orders.change(caller, { id: order.id }, { reminders: { ...order.reminders, message } });
  },
});

/** Fixed paths first. */
export const orderOperations: readonly Operation<Services>[] = [
  list,
  statusChanges,
  byAlternative,
  place,
  show,
  changeStatus,
  provideCsr,
  addNote,
  listNotes,
  setCustomField,
  setRenewalMessage,
];
