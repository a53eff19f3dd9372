/** Mailboxes that want no mail from this server: for operators. */
import type { Mailbox } from '../../../domain/outgoing-mail.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { pageToWire, readTimedCursor, timedCursor } from '../paging.ts';
import { mailApi } from '../schema/mail.ts';
import type { WireMailbox } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire } from '../values.ts';

function mailboxToWire({ address, stopped }: Mailbox): WireMailbox {
  return {
    address,
    stoppedAt: optionalTimeToWire(stopped?.at ?? null),
    stoppedBy: stopped?.by ?? null,
    stoppedFrom: stopped?.from ?? null,
  };
}

export const mailOperations = [
  handled(mailApi.stopped, async ({ limit, cursor }, { caller, services }) => {
    const place = cursor === undefined ? undefined : readTimedCursor(cursor);
    const before = place && { at: place.at, address: place.key };
    const page = await services.mailboxes.listStopped(caller, { limit, ...withDefined({ before }) });
    return pageToWire(page, mailboxToWire, ({ at, address }) => timedCursor({ at, key: address }));
  }),

  handled(mailApi.stop, async ({ address }, { caller, services }) =>
    mailboxToWire(await services.mailboxes.stop(caller, address)),
  ),

  handled(mailApi.lift, async ({ address }, { caller, services }) =>
    mailboxToWire(await services.mailboxes.lift(caller, address)),
  ),
];
