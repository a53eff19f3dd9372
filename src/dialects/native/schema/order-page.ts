/** An order's own page: whose turn it is, what may be done, what happened, and links that show it to a customer. */
import { z } from 'zod';
import { orderActions } from '../../../domain/ports/order-pages.ts';
import { actionsOf } from './actions.ts';
import { actor } from './actors.ts';
import { nameFields, order, proof, shownMethods } from './orders.ts';
import { countedPageRequest, endpoint, pageOf, reference, time, version, versioned, wholeRequest } from './shapes.ts';

const path = '/api/v1/orders/:order';
const holders = ['approver', 'customer', 'operator', 'server'] as const;
const holder = z.enum([...holders, 'nobody']);

const turn = z
  .object({
    who: z.enum(holders),
    since: time,
    nextAt: time.nullable().meta({ description: 'When the server looks again by itself; null: a person has to act.' }),
    deadline: time
      .nullable()
      .meta({ description: 'When it fails if nothing changes; null: it waits as long as it takes.' }),
    reason: z
      .object({ code: z.string(), text: z.string() })
      .nullable()
      .meta({ description: 'What holds it up, where that is known.' }),
  })
  .meta({ id: 'OrderTurn' });

export const orderPage = order
  .extend({
    turn: turn.nullable().meta({ description: 'Whose turn it is; null where there is nothing to do.' }),
    version,
    container: z.object({ id: z.string(), number: z.int(), name: z.string() }).nullable(),
    reminders: z
      .object({ isOff: z.boolean(), addresses: z.array(z.string()), message: z.string() })
      .meta({ description: 'Reminders before its end: whether they are off, who gets them too, what they repeat.' }),
    actions: actionsOf(orderActions),
  })
  .meta({ id: 'OrderPage', description: 'An order, and what is shown of it nowhere else.' });

const turnChange = z
  .object({
    who: holder.meta({ description: 'Whose turn began.' }),
    until: time.nullable().meta({ description: 'When it ended; null: it lasts.' }),
    seconds: z.int().nullable().meta({ description: 'How long it was; null: it lasts.' }),
    ended: holder.nullable().meta({ description: 'Whose turn ended; null: there was none before.' }),
    endedAfterSeconds: z.int().nullable(),
  })
  .meta({ id: 'TurnChange' });

const timelineEntry = z
  .object({
    at: time,
    kind: z.string().meta({ description: 'The kind of an event, such as `order.placed`; or `check`.' }),
    text: z.string().meta({ description: 'The same for people, in the language of Accept-Language.' }),
    actor,
    name: z.string().nullable().meta({ description: 'The name that it is about.' }),
    method: shownMethods.nullable().meta({ description: 'Of a check, or a method that was chosen.' }),
    reason: z.string().nullable().meta({ description: 'Why, where somebody or something said so.' }),
    count: z.int().meta({ description: 'Of a check: how many found the same; else 1.' }),
    since: time.meta({ description: 'Of a check: the first that found the same; else `at`.' }),
    turn: turnChange.nullable().meta({ description: 'The turn that began with it, and which one that ended.' }),
    evidence: z.string().nullable().meta({ description: 'The path of the call that answers the whole of it.' }),
  })
  .meta({ id: 'TimelineEntry' });

const share = z
  .object({ id: z.string(), createdBy: actor, createdAt: time, expiresAt: time })
  .meta({ id: 'OrderShare', description: 'A link that shows what the names of an order wait for.' });

const sharedName = z
  .object({ name: nameFields.name, kind: nameFields.kind, state: nameFields.state, proofs: z.array(proof) })
  .meta({ id: 'SharedName' });

export const orderPageApi = {
  show: endpoint({
    id: 'orders.show',
    ...versioned,
    method: 'GET',
    path,
    summary: { en: 'Show an order with what must be placed where', zh: '订单详情及验证信息' },
    request: z.strictObject({ order: reference('order') }),
    response: orderPage,
  }),
  timeline: endpoint({
    id: 'orders.timeline',
    method: 'GET',
    path: `${path}/timeline`,
    summary: {
      en: 'What happened to an order, what was looked for, and whose turn it was, newest first',
      zh: '订单时间线：发生的事件、验证检查及处理方的变化（新的在前）',
    },
    request: z.strictObject({ ...countedPageRequest.shape, order: reference('order') }),
    response: pageOf(timelineEntry),
  }),
  share: endpoint({
    id: 'orders.share',
    method: 'POST',
    path: `${path}/share`,
    summary: {
      en: 'Make a link that shows for 7 days what to place for its names, to whoever has it',
      zh: '生成分享链接（7 天内有效，持有者可查看各域名的验证信息）',
    },
    status: 201,
    request: z.strictObject({ order: reference('order') }),
    response: share
      .extend({
        token: z.string().meta({ description: 'Answered once, and stored as a hash only.' }),
        url: z.string().meta({ description: 'The link: needs no token of an account, and shows nothing of it.' }),
      })
      .meta({ id: 'NewOrderShare' }),
  }),
  shares: endpoint({
    id: 'orders.shares',
    method: 'GET',
    path: `${path}/share`,
    summary: { en: 'List its links that can still be opened', zh: '有效的分享链接列表' },
    request: wholeRequest.extend({ order: reference('order') }),
    response: pageOf(share),
  }),
  unshare: endpoint({
    id: 'orders.unshare',
    method: 'DELETE',
    path: `${path}/share`,
    summary: { en: 'Remove its links, or one of them', zh: '删除分享链接' },
    request: z.strictObject({
      order: reference('order'),
      share: z.string().min(1).max(200).optional().meta({ description: 'Only the link with this id; default: all.' }),
    }),
    response: pageOf(share).meta({ description: 'The links that are left.' }),
  }),
  shared: endpoint({
    id: 'orders.shared',
    method: 'GET',
    path: '/api/v1/shared/:token',
    summary: {
      en: 'What a link shows: the names, what to place, and what was found',
      zh: '查看分享链接内容：域名、验证信息及检查结果',
    },
    request: z.strictObject({ token: z.string().min(1).max(200) }),
    response: z
      .object({
        isWaiting: z.boolean().meta({ description: 'False: nothing is to be placed (any more).' }),
        names: z.array(sharedName),
        expiresAt: time,
      })
      .meta({ id: 'SharedOrder' }),
  }),
} as const;
