/** Mailboxes that want no mail from this server: for operators. */
import type { Mailbox } from '../../../domain/outgoing-mail.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { countingOf, readTimedCursor, timedCursor } from '../paging.ts';
import { mailApi } from '../schema/mail.ts';
import type { WireMailbox } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire, oneToWire } from './actors.ts';

const naming: NamingActors<Mailbox, WireMailbox> = {
  idsOf: ({ stopped }) => [stopped?.by ?? null],
  toWire: ({ address, stopped }, actors) => ({
    address,
    stoppedAt: optionalTimeToWire(stopped?.at ?? null),
    stoppedBy: actors.ofOptional(stopped?.by ?? null),
    stoppedFrom: stopped?.from ?? null,
  }),
};

export const mailOperations = [
  handled(mailApi.stopped, async ({ limit, cursor, text, by, ...counting }, session) => {
    const place = cursor === undefined ? undefined : readTimedCursor(cursor);
    const before = place && { at: place.at, address: place.key };
    const query = { limit, ...withDefined({ before, text, by }), ...countingOf(counting) };
    const page = await session.services.mailboxes.listStopped(session.caller, query);
    return namedPageToWire(session, page, naming, ({ at, address }) => timedCursor({ at, key: address }));
  }),

  handled(mailApi.stop, async ({ address }, session) =>
    oneToWire(session, await session.services.mailboxes.stop(session.caller, address), naming),
  ),

  handled(mailApi.test, async ({ address }, { caller, services }) => services.setup.testMail(caller, address)),

  handled(mailApi.lift, async ({ address }, session) =>
    oneToWire(session, await session.services.mailboxes.lift(session.caller, address), naming),
  ),
];
