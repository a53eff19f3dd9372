/** An SMTP server on loopback that keeps what it takes, and refuses the recipients that a test names. */
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The user who signed in, if anybody did. */
  readonly user: string | undefined;
  readonly isEncrypted: boolean;
  /** Header lines unfolded, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text, decoded. */
  readonly text: string;
}

export interface MailServer {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Refuses this recipient from now on; undefined: accepts them again. */
  refuse(address: string, answer: { readonly code: number; readonly text: string } | undefined): void;
  close(): Promise<void>;
}

export interface MailServerOptions {
  /** PEM; `implicit`: TLS from the first byte. Without it there is no TLS at all. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit?: boolean };
  readonly login?: { readonly user: string; readonly password: string };
}

export async function startMailServer({ tls, login }: MailServerOptions = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const refusals = new Map<string, { readonly code: number; readonly text: string }>();
  const options: SMTPServerOptions = {
    logger: false,
    disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(login === undefined ? ['AUTH'] : [])],
    ...(tls === undefined ? {} : { key: tls.key, cert: tls.cert, secure: tls.implicit === true }),
    onAuth({ username, password }, _session, done) {
      const isRight = username === login?.user && password === login?.password;
      if (isRight) done(null, { user: username ?? '' });
      else done(new Error('wrong user or password'));
    },
    onRcptTo({ address }, _session, done) {
      const refusal = refusals.get(address);
      if (refusal === undefined) done();
      else done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData(stream, { envelope, user, secure }, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        const isUser = typeof user === 'string' ? user : undefined;
        received.push({ from, to, user: isUser, isEncrypted: secure, ...parse(Buffer.concat(parts).toString('utf8')) });
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  // A client that dislikes our certificate breaks off; that is what some tests are about.
  server.on('error', () => {});
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    received,
    refuse(address, answer) {
      if (answer === undefined) refusals.delete(address);
      else refusals.set(address, answer);
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

function parse(message: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const end = message.indexOf('\r\n\r\n');
  const lines = message
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), encodedWords(line.slice(colon + 1).trim())];
    }),
  );
  const body = message.slice(end + 4);
  const encoding = headers['content-transfer-encoding'] ?? '7bit';
  return { headers, text: decoded(body, encoding).replaceAll('\r\n', '\n') };
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return quotedPrintable(body.replaceAll('=\r\n', ''));
  return body;
}

function quotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** RFC 2047. */
function encodedWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : quotedPrintable(word.replaceAll('_', ' ')),
    );
}
