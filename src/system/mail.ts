/** Outgoing mail: one SMTP server of the operator's, over a connection that is opened for each mail. */

import type { SMTPTransportOptions } from 'nodemailer';
import type { Mail, Mailer, MailOutcome } from '../domain/ports/system.ts';
import { printable } from '../domain/printable.ts';

export interface MailerOptions {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte; `starttls`: required before anything else is sent; `none`: in the clear. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly login?: { readonly user: string; readonly password: string } | undefined;
  /** An address, or `Name <address>`. */
  readonly from: string;
  /** PEM: authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
  /** How long each step of a conversation may take. */
  readonly timeoutMs: number;
}

/** Answers of a server are shown and kept: no longer than this. */
const maxDetail = 200;

export function createMailer(options: MailerOptions): Mailer {
  const server = `${options.host}:${options.port}`;
  // Loaded only where mail is sent: it is a tenth of what a server loads.
  const loading = import('nodemailer').then(({ createTransport }) => createTransport(transportOptions(options)));
  const domain = /@([^@>\s]+)>?\s*$/.exec(options.from)?.[1] ?? options.host;

  return {
    async send(mail: Mail, signal: AbortSignal): Promise<MailOutcome> {
      try {
        const transport = await loading;
        const { response } = await transport.sendMail({
          from: options.from,
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
          messageId: `<${mail.id}@${domain}>`,
          // RFC 3834 §5: nobody's holiday reply comes back.
          headers: {
            'Auto-Submitted': 'auto-generated',
            // RFC 2369 §3.2, and RFC 8058: mail programs show a button, which posts. A link that is only opened does nothing.
            'List-Unsubscribe': `<${mail.stopUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
          // Texts and addresses never name a file or a URL to be read.
          disableFileAccess: true,
          disableUrlAccess: true,
          signal,
        });
        return { ok: true, server, answer: shown(response) };
      } catch (thrown) {
        return { ok: false, server, isFinal: isFinal(thrown), detail: shown(detailOf(thrown)) };
      }
    },
  };
}

function transportOptions({ host, port, tls, login, ca, timeoutMs }: MailerOptions): SMTPTransportOptions {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(login === undefined ? {} : { auth: { type: 'login', user: login.user, pass: login.password } }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
}

/**
 * Only a refusal of this very mail is final: 5xx to its recipient or its content (RFC 5321 §4.2.1). A wrong password or a
 * broken TLS set-up is for the operator to repair, and the mail goes out then.
 */
function isFinal(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, responseCode, command } = thrown as { code?: unknown; responseCode?: unknown; command?: unknown };
  const isOfMail = (code === 'EENVELOPE' && String(command).startsWith('RCPT')) || code === 'EMESSAGE';
  return isOfMail && typeof responseCode === 'number' && responseCode >= 500;
}

function detailOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { response } = thrown as { response?: unknown };
  // The server's answer, where there is one; otherwise nodemailer's message.
  return typeof response === 'string' && response !== '' ? response : thrown.message;
}

function shown(text: string): string {
  return printable(text.slice(0, maxDetail)).slice(0, maxDetail);
}
