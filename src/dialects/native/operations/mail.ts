/** Mailboxes that want no mail from this server: for operators. */
import type { Mailbox } from '../../../domain/outgoing-mail.ts';
import { wholeToWire } from '../page.ts';
import { mailApi } from '../schema/mail.ts';
import type { WireMailbox } from '../schema.ts';
import { optionalTimeToWire } from '../wire.ts';
import { handled } from './session.ts';

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
