/** Mailboxes that want no mail from this server: for operators. */
import type { Mailbox } from '../../../domain/outgoing-mail.ts';
import { wholeToWire } from '../paging.ts';
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
  handled(mailApi.stopped, async (_, { caller, services }) =>
    wholeToWire(await services.mailboxes.listStopped(caller), mailboxToWire),
  ),

  handled(mailApi.stop, async ({ address }, { caller, services }) =>
    mailboxToWire(await services.mailboxes.stop(caller, address)),
  ),

  handled(mailApi.lift, async ({ address }, { caller, services }) =>
    mailboxToWire(await services.mailboxes.lift(caller, address)),
  ),
];
