/** How long a newcomer waits: `npm ci` in a clone, and from the start of the server until the console can be signed in to. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/server-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Installed {
  readonly title: string;
  readonly installMs: number;
  /** From the start of the server. */
  readonly apiMs: number;
  readonly consoleMs: number;
}

const limitMs = 120_000;
/** The npm and the Node of this machine, as a newcomer has them. */
const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));

export async function measureFreshClone(flags: readonly string[]): Promise<Installed> {
  const home = await mkdtemp(join(tmpdir(), 'certmux-bench-clone-'));
  const clone = join(home, 'certmux');
  const env = { ...process.env, PATH: path.join(delimiter) };
  try {
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
    const startedMs = performance.now();
    execFileSync('npm', ['ci', '--silent', ...flags], { cwd: clone, env });
    const installMs = performance.now() - startedMs;
    const started = await start(clone, home, env);
    return { title: ['npm ci', ...flags].join(' '), installMs, ...started };
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function start(clone: string, home: string, env: NodeJS.ProcessEnv) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const config = join(home, 'certmux.yaml');
  const settings = { listen: [url], dataDirectory: join(home, 'data'), authority: { allowLocalPkiUrl: true } };
  await writeFile(config, JSON.stringify(settings));
  const startedMs = performance.now();
  const server = spawn(join(clone, 'bin', 'certmux'), ['serve', '--config', config], { stdio: 'ignore', env });
  const gone = new Promise((resolve) => server.once('exit', resolve));
  const answered = async (what: string, isSo: (response: Response) => boolean | Promise<boolean>) => {
    for (;;) {
      const response = await fetch(`${url}${what}`).catch(() => undefined);
      if (response !== undefined && (await isSo(response))) return performance.now() - startedMs;
      if (server.exitCode !== null || performance.now() - startedMs > limitMs) throw new Error(`no answer at ${what}`);
      await sleep(20);
    }
  };
  try {
    const apiMs = await answered('/readyz', ({ ok }) => ok);
    const hasScript = async (page: Response) => /<script[^>]+integrity=/.test(await page.text());
    return { apiMs, consoleMs: await answered('/console/sign-in', hasScript) };
  } finally {
    server.kill('SIGTERM');
    await gone;
  }
}
