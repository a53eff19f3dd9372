/** The first steps of a new installation: what the server sees of them by itself, and what an operator says. */
import type { Caller } from '../../domain/caller.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { requireMailbox } from '../../domain/mailbox.ts';
import { testMail } from '../../domain/messages/mails/test.ts';
import type { Setup } from '../../domain/ports/setup.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import {
  type ConfirmedStep,
  confirmedSteps,
  isConfirmed,
  type SetupConfirmation,
  type SetupState,
  type SetupStep,
  setupSteps,
} from '../../domain/setup.ts';
import { findAwaitedCa } from '../authorities/awaited.ts';
import type { AppContext } from '../context.ts';
import { withinMs } from '../issuing/time-limit.ts';
import { requireAdmission, stopUrl } from '../outbound/mailboxes.ts';

/** The setting that has what was said. */
const setupKey = 'setup';
/** A mail server that says nothing must not hold the answer up. */
const mailTimeoutMs = 30_000;

type Confirmations = Readonly<Partial<Record<ConfirmedStep, SetupConfirmation>>>;

export function createSetup(context: AppContext): Setup {
  const { database, clock, installation, masterKeys, mailer, log } = context;

  async function valuesOf(stores: Stores): Promise<Readonly<Record<ConfirmedStep, string | null>>> {
    const roots = (await stores.authorities.list()).filter(({ role }) => role === 'root');
    return {
      address: installation.publicUrl,
      masterKey: masterKeys.current,
      root:
        roots
          .map(({ id }) => id)
          .toSorted()
          .join(' ') || null,
      mail: installation.mail?.server ?? null,
    };
  }

  async function show(): Promise<readonly SetupState[]> {
    const { read } = database;
    const [values, said, seen] = await Promise.all([
      valuesOf(read),
      read.settings.get(setupKey).then(confirmationsFrom),
      seenBy(read),
    ]);
    return setupSteps.map((step): SetupState => {
      if (!isConfirmable(step)) return { step, isDone: seen[step], doneAt: null, value: null };
      const value = values[step];
      const confirmation = said[step];
      if (isConfirmed(value, confirmation)) return { step, isDone: true, doneAt: confirmation?.at ?? null, value };
      // Where the operator hands the key in, they have it.
      return { step, isDone: step === 'masterKey' && masterKeys.keptIn !== null, doneAt: null, value };
    });
  }

  async function note(caller: Caller, step: ConfirmedStep): Promise<void> {
    await database.write(async (tx) => {
      const value = (await valuesOf(tx))[step] ?? '';
      const said = confirmationsFrom(await tx.settings.get(setupKey));
      if (said[step]?.value === value) return;
      const at = clock.now();
      await tx.settings.put(setupKey, { ...said, [step]: { value, at: at.toISOString() } });
      await record(tx, caller, { kind: 'setup.confirmed', subject: step, data: { value }, at });
    });
  }

  return {
    show,

    async confirm(caller, step) {
      // There is no root that clients could trust.
      const awaited = step === 'root' ? await findAwaitedCa(context) : undefined;
      if (awaited !== undefined) throw new CertError(awaited);
      await note(caller, step);
      return show();
    },

    async testMail(caller, text) {
      const address = requireMailbox(text, 'address');
      if (mailer === null) throw refuse('testMailNotSendable', {});
      const id = newId('delivery', context);
      await database.write((tx) => requireAdmission(context, tx, { id, address }));
      const stop = stopUrl(context, address);
      const mail = { id, to: address, stopUrl: stop, ...testMail({ publicUrl: context.publicUrl, stopUrl: stop }) };
      const outcome = await withinMs(clock, mailTimeoutMs, (signal) => mailer.send(mail, signal));
      const answer = outcome.ok ? outcome.answer : outcome.detail;
      const test = { address, server: outcome.server, isTaken: outcome.ok, answer };
      if (!outcome.ok) log.warn({ address, server: outcome.server, detail: answer }, 'the test mail was not taken');
      await database.write((tx) =>
        record(tx, caller, { kind: 'mail.tested', subject: address, data: { ...test }, at: clock.now() }),
      );
      if (outcome.ok) await note(caller, 'mail');
      return test;
    },
  };
}

/** What there is of the steps that leave something behind. The first operator and their key are there from the start. */
async function seenBy(read: Stores): Promise<Readonly<Record<Exclude<SetupStep, ConfirmedStep>, boolean>>> {
  const [accounts, users, credentials, certificates] = await Promise.all([
    read.accounts.list({ limit: 1 }),
    read.users.list(null, { limit: 2 }),
    read.credentials.list(null, { limit: 2 }),
    read.certificates.list({ accountId: null, limit: 1 }),
  ]);
  return {
    account: accounts.length > 0,
    user: users.length > 1,
    key: credentials.length > 1,
    order: certificates.length > 0,
  };
}

function isConfirmable(step: SetupStep): step is ConfirmedStep {
  return confirmedSteps.some((one) => one === step);
}

/** As it was put; what is unreadable counts as not said. */
function confirmationsFrom(kept: unknown): Confirmations {
  if (typeof kept !== 'object' || kept === null) return {};
  const said = new Map<string, unknown>(Object.entries(kept));
  return Object.fromEntries(
    confirmedSteps.flatMap((step) => {
      const confirmation = confirmationFrom(said.get(step));
      return confirmation === undefined ? [] : [[step, confirmation] as const];
    }),
  );
}

function confirmationFrom(kept: unknown): SetupConfirmation | undefined {
  if (typeof kept !== 'object' || kept === null || !('value' in kept) || !('at' in kept)) return undefined;
  const { value, at } = kept;
  return typeof value === 'string' && typeof at === 'string' ? { value, at: new Date(at) } : undefined;
}

interface Noted {
  readonly kind: 'setup.confirmed' | 'mail.tested';
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

function record(tx: Stores, { actor, requestId }: Caller, event: Noted): Promise<void> {
  return tx.events.append({ ...event, accountId: null, actor, requestId });
}
