/** `ready`: whether a server can do its work. What starts it, and what watches it, call this: it needs no other program. */
import type { Command } from 'commander';
import { visible } from '../../domain/visible-text.ts';
import { addCommand, type Cli, localAction, wholeNumber } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

interface ReadyOptions {
  readonly wait: number;
  readonly url?: string;
  readonly data?: string;
}

interface Readiness {
  readonly ready: boolean;
  /** What the server says of itself, or why it says nothing. */
  readonly status: string;
  readonly url: string;
  /** Why nothing is signed, why no name can be looked up, what its CA needs, and what else does not succeed, although it is ready. */
  readonly signing?: string;
  readonly resolvers?: string;
  readonly ca?: string;
  readonly alarms?: readonly string[];
}

/** How long after a no the question is repeated. */
const againAfterMs = 200;

export function addReadyCommand(program: Command, cli: Cli): void {
  const ready = addCommand(program, {
    usage: 'ready',
    summary: 'See whether the server can do its work',
    description:
      'Asks /readyz of the server, which stores something to find out, and exits with 0 or 5. It needs no token. What hinders it although ' +
      'it is ready (a wrong clock, resolvers that do not answer, a CA without a certificate, alarms) stands below. Use it as the health ' +
      'check of a container, or with --wait after a start, where it is asked until the server is ready.',
    examples: [
      ['certmux ready', 'the server whose data is in ./data'],
      ['certmux ready --wait 60 --url http://127.0.0.1:8080', 'as soon as it is, within a minute'],
    ],
  })
    .option('--wait <seconds>', 'how long it may take to get ready', wholeNumber, 0)
    .option('--url <url>', 'the server; else CERTMUX_URL')
    .option('--data <directory>', 'where operator.json is, on the server');
  localAction<ReadyOptions>(cli, ready, async ({ options, output, terminal }) => {
    const result = await untilReady(options, terminal);
    if (!result.ready) cli.setExitCode(exitCodes.unreachable);
    output.show(result, () => [
      `${result.url} ${result.ready ? 'is ready' : `is not ready: ${result.status}`}`,
      ...faultsOf(result),
    ]);
  });
}

/** The file with the address may be written only while it is waited for: by the first start. */
async function untilReady({ wait, url, data }: ReadyOptions, terminal: Terminal): Promise<Readiness> {
  const { clock } = terminal;
  const endMs = clock.monotonicMs() + wait * 1000;
  for (;;) {
    const found = await terminal.readConnection({
      ...(url === undefined ? {} : { url }),
      ...(data === undefined ? {} : { data }),
    });
    const result = found.url === undefined ? undefined : await look(found.url, terminal);
    const isOver = clock.monotonicMs() >= endMs;
    if (result !== undefined && (result.ready || isOver)) return result;
    if (isOver)
      throw new UsageError('no server is named', `use --url or CERTMUX_URL, or start one here (${found.file})`);
    await clock.sleep(againAfterMs);
  }
}

async function look(url: string, terminal: Terminal): Promise<Readiness> {
  try {
    const headers = { 'Accept-Language': terminal.language };
    const request = new Request(new URL('readyz', url.endsWith('/') ? url : `${url}/`), { headers });
    const response = await terminal.fetch(request);
    const body: unknown = await response.json();
    const { status, signing, resolvers, ca, alarms } = isRecord(body) ? body : {};
    return {
      ready: response.ok,
      status: String(status ?? response.status),
      url,
      ...(typeof signing === 'string' ? { signing } : {}),
      ...(typeof resolvers === 'string' ? { resolvers } : {}),
      ...(typeof ca === 'string' ? { ca } : {}),
      ...(Array.isArray(alarms) ? { alarms: alarms.map(String) } : {}),
    };
  } catch (thrown) {
    const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
    return { ready: false, status: cause instanceof Error ? cause.message : String(cause), url };
  }
}

function faultsOf({ signing, resolvers, ca, alarms = [] }: Readiness): readonly string[] {
  return [signing, resolvers, ca, ...alarms].flatMap((fault) => (fault === undefined ? [] : [visible(`  ${fault}`)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
