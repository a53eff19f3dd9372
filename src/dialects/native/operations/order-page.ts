/** An order's own page, its timeline, and links that show what its names wait for. */
import { renderReason } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
import { type OrderPage, orderActions } from '../../../domain/ports/order-pages.ts';
import type { ShownShare } from '../../../domain/ports/shares.ts';
import { type TimelineEntry, type TimelinePlace, timelineStart } from '../../../domain/timeline.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { publicOperation } from '../../kit/operation.ts';
import { actionsToWire } from '../actions-to-wire.ts';
import { referenceTo } from '../certification.ts';
import { entityTag } from '../if-match.ts';
import { nameToWire } from '../order-to-wire.ts';
import { notACursor, pageWithTotal } from '../paging.ts';
import { orderPageApi } from '../schema/order-page.ts';
import type { WireOrderPage, WireOrderShare, WireTimelineEntry } from '../schema.ts';
import { handled, type Services } from '../services.ts';
import { actorOfEntry, timelineEntryToWire } from '../timeline-to-wire.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';
import { type NamingActors, namedListToWire, namedPageToWire, oneToWire } from './actors.ts';
import { namedOrderToWire } from './order-people.ts';

function turnToWire(turn: OrderPage['turn'], language: Language): WireOrderPage['turn'] {
  if (turn === null) return null;
  const { who, since, nextAt, deadline, reason } = turn;
  return {
    who,
    since: timeToWire(since),
    nextAt: optionalTimeToWire(nextAt),
    deadline: optionalTimeToWire(deadline),
    reason: reason === null ? null : { code: reason.key, text: renderReason(reason, language) },
  };
}

const shareNaming: NamingActors<ShownShare, WireOrderShare> = {
  idsOf: ({ createdBy }) => [createdBy],
  toWire: (share, actors) => ({
    id: share.id,
    createdBy: actors.of(share.createdBy),
    createdAt: timeToWire(share.createdAt),
    expiresAt: timeToWire(share.expiresAt),
  }),
};

function entryNaming(language: Language): NamingActors<TimelineEntry, WireTimelineEntry> {
  return {
    idsOf: (entry) => [actorOfEntry(entry)],
    toWire: (entry, actors) => timelineEntryToWire(entry, actors.of(actorOfEntry(entry)), language),
  };
}

/** Numbers and moments, opaque to the client. */
function placeToText({ before, checks }: TimelinePlace): string {
  return `timeline:${before}:${checks.at.getTime()}:${checks.skip}`;
}

/** @throws {CertError} invalidField for a cursor that is not ours */
function readPlace(cursor: string): TimelinePlace {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, before, at, skip] = /^timeline:([0-9]{1,16}):([0-9]{1,16}):([0-9]{1,6})$/.exec(text) ?? [];
  if (before === undefined || Number(at) > timelineStart.checks.at.getTime()) throw notACursor(cursor);
  return { before: Number(before), checks: { at: new Date(Number(at)), skip: Number(skip) } };
}

/** Those that a customer places by hand; the others name an account, or people. */
const shownToCustomers: readonly string[] = ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'];

export const orderPageOperations = [
  handled(orderPageApi.show, async ({ order }, session) => {
    const { caller, services, language, reply } = session;
    const { view, turn, container, actions, places, version } = await services.orderPages.get(
      caller,
      referenceTo(order),
    );
    const { isOff, addresses, message } = view.order.reminders;
    reply.headers.set('etag', entityTag(version));
    return {
      ...(await namedOrderToWire(session, view, places)),
      turn: turnToWire(turn, language),
      version,
      container: container && { id: container.id, number: container.number, name: container.name },
      reminders: { isOff, addresses: [...addresses], message },
      actions: actionsToWire(orderActions, actions, language),
    };
  }),

  handled(orderPageApi.timeline, async (input, session) => {
    const { caller, services, language } = session;
    const order = referenceTo(input.order);
    const page = await pageWithTotal(input, {
      from: input.cursor === undefined ? undefined : readPlace(input.cursor),
      read: (limit, after) => services.orderPages.timeline(caller, order, { limit, ...withDefined({ after }) }),
    });
    return namedPageToWire(session, page, entryNaming(language), placeToText);
  }),

  handled(orderPageApi.share, async ({ order }, session) => {
    const { caller, services } = session;
    const { share, token } = await services.shares.create(caller, referenceTo(order));
    const url = `${services.publicUrl}${orderPageApi.shared.path.replace(':token', token)}`;
    return { ...(await oneToWire(session, share, shareNaming)), token, url };
  }),

  handled(orderPageApi.shares, async ({ order }, session) =>
    namedListToWire(session, await session.services.shares.list(session.caller, referenceTo(order)), shareNaming),
  ),

  handled(orderPageApi.unshare, async ({ order, share }, session) => {
    const { caller, services } = session;
    await services.shares.remove(caller, referenceTo(order), share);
    return namedListToWire(session, await services.shares.list(caller, referenceTo(order)), shareNaming);
  }),

  publicOperation<Services, typeof orderPageApi.shared.request, typeof orderPageApi.shared.response>({
    ...orderPageApi.shared,
    handle: async ({ token }, { services, origin, language, reply }) => {
      const { isWaiting, authorizations, places, expiresAt } = await services.shares.open(token, origin);
      reply.headers.set('cache-control', 'no-store');
      reply.headers.set('referrer-policy', 'no-referrer');
      const names = authorizations.map((authorization, index) => {
        const { name, kind, state, proofs } = nameToWire(
          authorization.identifier,
          authorization,
          language,
          places[index],
        );
        return { name, kind, state, proofs: proofs.filter(({ method }) => shownToCustomers.includes(method)) };
      });
      return { isWaiting, names, expiresAt: timeToWire(expiresAt) };
    },
  }),
];
