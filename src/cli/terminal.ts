/** The world of the command line as the commands see it: text out, text in, files, and where the server is. */
import type { Language } from '../domain/language.ts';
import type { Clock, Randomness } from '../domain/ports/system.ts';
import { visible } from '../domain/visible-text.ts';

/** Where the server is and what opens it. */
export interface Connection {
  /** Without a trailing slash: `https://certs.example.com`. */
  readonly url: string;
  readonly token: string;
}

/** The URL and the token as far as they are known, and for messages, where they were looked for. */
export interface FoundConnection extends Partial<Connection> {
  /** The file of the data directory: `data/operator.json`. */
  readonly file: string;
  /** Whether both come from it. */
  readonly isOfFile: boolean;
}

/** The connection options of the command line; what they leave out is looked for elsewhere. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly token?: string;
  readonly data?: string;
}

/** Everything outside that a command touches. The composition root makes the real one; tests make theirs. */
export interface Terminal {
  /** Bytes are for files sent to a pipe. */
  stdout(data: string | Uint8Array): void;
  stderr(text: string): void;
  /** Whether standard output is a terminal: tables are cut to `columns` only then. */
  readonly isTty: boolean;
  readonly columns: number;
  readonly colours: boolean;
  /** For the server's messages; the command line's own text is English. */
  readonly language: Language;
  readonly clock: Clock;
  readonly random: Randomness;
  /** Brings its own time limit. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** For an answer that goes on: only its beginning has a time limit. */
  readonly fetchOpenEnded: (request: Request) => Promise<Response>;
  /**
   * The connection from, in this order: the flags, CERTMUX_URL and CERTMUX_TOKEN, `operator.json` of the data directory
   * (which `init` writes on the machine of the server). Undefined for what none of them has.
   */
  readConnection(flags: ConnectionFlags): Promise<FoundConnection>;
  /** All of standard input, for `--password-stdin` and `-` as a file name. */
  readStdin(): Promise<string>;
  /** Asks a person without echoing; undefined where there is nobody to ask. */
  askSecret(question: string): Promise<string | undefined>;
  /** Decoded, and PEM of what is saved as DER. Undefined where there is no such file. */
  readFile(path: string): Promise<string | undefined>;
  /** The lines of a file of any length, one after the other; `-` is standard input. Reading fails where there is no such file. */
  readLines(path: string): AsyncIterable<string>;
  /** Writes a file, replacing what is there. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes a new file that only its owner can read (mode 600). False where there is a file already: it stays as it is. */
  writeSecretFile(path: string, bytes: Uint8Array): Promise<boolean>;
}

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = keyof typeof styles;

export function styled(terminal: Pick<Terminal, 'colours'>, style: Style, text: string): string {
  return terminal.colours && text !== '' ? `\x1b[${styles[style]}m${text}\x1b[0m` : text;
}

/** The same for a text of several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
