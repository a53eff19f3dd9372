/** A mail server that keeps the mail it gets, or does not take it. */
import type { Mail, Mailer, MailOutcome } from '../../src/domain/ports/system.ts';

export interface MailFake {
  readonly mailer: Mailer;
  readonly sent: readonly Mail[];
  /** The number of tries. */
  readonly tries: number;
  /** The secret of the link in the newest mail. */
  token(): string;
  /** Result of sending from now on; undefined: mail is accepted. */
  failWith(outcome: Pick<Extract<MailOutcome, { ok: false }>, 'isFinal' | 'detail'> | undefined): void;
}

const server = 'smtp.example:587';

export function createMailFake(): MailFake {
  const sent: Mail[] = [];
  let failure: Parameters<MailFake['failWith']>[0];
  let tries = 0;
  return {
    mailer: {
      async send(mail) {
        tries++;
        if (failure !== undefined) return { ok: false, server, ...failure };
        sent.push(mail);
        return { ok: true, server, answer: '250 queued' };
      },
    },
    sent,
    get tries() {
      return tries;
    },
    token: () => tokenIn(sent.at(-1)?.text ?? ''),
    failWith(outcome) {
      failure = outcome;
    },
  };
}

/** The secret in the link of a confirmation mail. */
export function tokenIn(text: string): string {
  const token = /\/confirm\/([0-9a-z]+)/.exec(text)?.[1];
  if (token === undefined) throw new Error('the mail has no link');
  return token;
}

/** Decides on the page behind a link as a browser does: with the names that the page showed. */
export async function decideOnPage(link: string, decision: string): Promise<Response> {
  const page = await (await fetch(link)).text();
  const names = /name="names" value="([0-9a-f]+)"/.exec(page)?.[1] ?? '';
  return fetch(link, { method: 'POST', body: new URLSearchParams({ decision, names }) });
}

/** The secret in the link of an invitation. */
export function invitationIn(text: string): string {
  const token = /\/invitation\/([0-9a-z]+)/.exec(text)?.[1];
  if (token === undefined) throw new Error('the text has no invitation');
  return token;
}
