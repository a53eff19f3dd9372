/** Mailboxes that want no mail from here: what their reader does by the link in a mail, and what the operator sees and lifts. */
import { quoted, refuse } from '../../domain/errors.ts';
import { requireMailbox } from '../../domain/mailbox.ts';
import type { Mailbox } from '../../domain/outgoing-mail.ts';
import type { MailStops } from '../../domain/ports/mail-stops.ts';
import type { Mailboxes } from '../../domain/ports/mailboxes.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { hashOfStop, stopHash } from './mailboxes.ts';

/** The form of 20 bytes in `base32`; anything else needs no look into the database. */
const tokenForm = /^[0-9a-hjkmnp-tv-z]{32}$/;

export function createMailStops({ database, clock }: AppContext): MailStops {
  const find = async (stores: Stores, token: string) =>
    tokenForm.test(token) ? stores.mailboxes.getByTokenHash(hashOfStop(token)) : undefined;
  const view = (mailbox: Mailbox | undefined) =>
    mailbox && { address: mailbox.address, stoppedAt: mailbox.stopped?.at ?? null };

  return {
    async show(token) {
      return view(await find(database.read, token));
    },
    async stop(token, { address: from, requestId }) {
      await database.write(async (tx) => {
        const mailbox = await find(tx, token);
        const at = clock.now();
        if (mailbox === undefined || !(await tx.mailboxes.stop(mailbox.address, { at, by: 'reader', from }))) return;
        await record(tx, 'mail.stopped', { actor: 'system', requestId }, { address: mailbox.address, from, at });
      });
      return view(await find(database.read, token));
    },
  };
}

export function createMailboxes(context: AppContext): Mailboxes {
  const { database, clock } = context;
  return {
    async listStopped(_, { limit, before, withTotal, ...filter }) {
      const { mailboxes } = database.read;
      const found = await mailboxes.listStopped({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const page = pageOf(found, limit, ({ address, stopped, createdAt }) => ({
        at: stopped?.at ?? createdAt,
        address,
      }));
      const total = withTotal && (await mailboxes.countStopped(filter));
      return { ...page, ...withDefined({ total }) };
    },

    async stop(caller, text) {
      const address = requireMailbox(text, 'address');
      return database.write(async (tx) => {
        const at = clock.now();
        await tx.mailboxes.put({ address, tokenHash: stopHash(context, address), createdAt: at });
        const from = caller.address;
        const isNew = await tx.mailboxes.stop(address, { at, by: caller.actor, from });
        if (isNew) await record(tx, 'mail.stopped', caller, { address, from, at });
        return required(await tx.mailboxes.get(address), text);
      });
    },

    async lift(caller, text) {
      const address = text.trim().toLowerCase();
      return database.write(async (tx) => {
        const mailbox = required(await tx.mailboxes.get(address), text);
        if (!(await tx.mailboxes.lift(address))) throw notStopped(text);
        await record(tx, 'mail.allowed', caller, { address, at: clock.now() });
        return { ...mailbox, stopped: null };
      });
    },
  };
}

function required(mailbox: Mailbox | undefined, text: string): Mailbox {
  if (mailbox === undefined) throw notStopped(text);
  return mailbox;
}

function notStopped(text: string) {
  return refuse('notFound', { what: 'mailbox', value: quoted(text) });
}

function record(
  tx: Stores,
  kind: 'mail.stopped' | 'mail.allowed',
  { actor, requestId }: { readonly actor: string; readonly requestId: string },
  { address, at, from }: { readonly address: string; readonly at: Date; readonly from?: string },
): Promise<void> {
  const data = { address, ...(from === undefined ? {} : { from }) };
  return tx.events.append({ kind, accountId: null, actor, subject: address, data, requestId, at });
}
