/**
 * Plays the calls of `httpsok.sh` on a machine with nginx, as the contract shows them: which version sends what, in which order,
 * with curl, and what it does with each reply. The player is ours; only what goes over the wire and into files is the script's.
 */
import { execFile } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Nginx } from './nginx.ts';
import { until } from './system.ts';

export interface AgentOptions {
  readonly version: string;
  /** 1.18.2 sends what `nginx -T` prints, earlier ones the main file with its includes written in between. */
  readonly sends: 'print' | 'files';
  /** The machine's text, from 1.12 on. */
  readonly machine?: string;
  readonly baseUrl: string;
  readonly token: string;
  readonly nginx: Nginx;
}

/** What one run did and showed. */
export interface AgentRun {
  /** Replies to `preparse`, line by line. */
  readonly rows: readonly string[];
  /** What the person reads of the DNS records. */
  readonly dns: string;
  /** Last reply to `check` of each row. */
  readonly checks: readonly string[];
  /** Certificate files that were written. */
  readonly written: readonly string[];
  readonly isReloaded: boolean;
}

const run = promisify(execFile);

export async function runAgent(options: AgentOptions): Promise<AgentRun> {
  const { nginx } = options;
  const call = createCaller(options);
  const status = await call('/status');
  if (status !== 'ok') throw new Error(`the agent ends with code 4: ${status}`);
  const configuration = await configurationOf(options);
  const preparse = await call('/preparse', ['-X', 'POST', '--data-binary', configuration]);
  const rows = preparse.split('\n').filter((row) => row !== '');
  for (const [code, cert, key] of rows.map(cut)) {
    // curl fails where a file is not there; the script goes on.
    if (!existsSync(cert) || !existsSync(key)) continue;
    await call(`/upload?code=${code}`, ['-X', 'POST', '-F', `cert=@"${cert}"`, '-F', `certKey=@"${key}"`]);
  }
  const dns = await call('/checkDns');
  const checks: string[] = [];
  const written: string[] = [];
  let latest: string | undefined;
  for (const [code, cert, key] of rows.map(cut)) {
    let reply = '';
    await until(async () => {
      reply = await call(`/check?code=${code}`);
      return firstLine(reply) !== '2';
    }, `the certificate of ${cert} is there`);
    checks.push(reply);
    if (firstLine(reply) !== '1') continue;
    const files = [await call(`/cert/${code}.cer`), await call(`/cert/${code}.key`)] as const;
    const sums = files.map((file) => hash('md5', file, 'hex')).join(',');
    if (sums !== reply.split('\n')[1]) throw new Error(`the sums of ${cert} are ${sums}, not those of ${reply}`);
    for (const [index, path] of [cert, key].entries()) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, files[index] ?? '');
    }
    written.push(cert);
    // The script reads its own next word behind this reply: it splits at blanks, so the reply has to end the line.
    const logged = await call(`/log/cert-updated-success?code=${code}`, ['-X', 'PUT', '--data-binary', 'updated']);
    latest = /(?:^|\n)latest_code (\S+)$/.exec(`${logged}latest_code ${code}`)?.[1];
  }
  const isReloaded = latest !== undefined && (await reload(nginx, call, latest));
  await call(`/done?t=${rows.length}`);
  return { rows, dns, checks, written, isReloaded };
}

async function reload(nginx: Nginx, call: Call, code: string): Promise<boolean> {
  const log = (type: string, text: string) => call(`/log/${type}?code=${code}`, ['-X', 'PUT', '--data-binary', text]);
  const tested = await nginx.run(['-t']);
  if (!tested.isGood) {
    await log('nginx-test-failed', tested.stderr);
    return false;
  }
  const { isGood, stderr } = await nginx.reload();
  await log(isGood ? 'nginx-reload-success' : 'nginx-reload-failed', isGood ? 'Nginx reload success.' : stderr);
  return isGood;
}

type Call = (path: string, more?: readonly string[]) => Promise<string>;

/** One run has one `trace-id`. */
function createCaller({ version, machine, baseUrl, token, nginx }: AgentOptions): Call {
  const headers = [
    `httpsok-token: ${token}`,
    `httpsok-version: ${version}`,
    'os-name: Debian GNU/Linux 12 (bookworm)',
    'nginx-version: nginx/1.22.1',
    `nginx-config-home: ${nginx.home}`,
    `nginx-config: ${join(nginx.home, 'nginx.conf')}`,
    `trace-id: ${randomBytes(16).toString('hex')}`,
    'mode: crontab',
    ...(machine === undefined ? [] : [`httpsok-uuid: ${machine}`]),
  ].flatMap((header) => ['-H', header]);
  return async (path, more = []) => {
    const type = more.includes('-F') ? 'multipart/form-data' : 'text/plain';
    const args = ['-sS', '--noproxy', '*', '-H', `Content-Type: ${type}`, ...headers, ...more, `${baseUrl}${path}`];
    return (await run('curl', args)).stdout;
  };
}

async function configurationOf({ sends, nginx }: AgentOptions): Promise<string> {
  if (sends === 'files') return withIncludes(await readFile(join(nginx.home, 'nginx.conf'), 'utf8'), nginx.home);
  const { isGood, stdout, stderr } = await nginx.run(['-T']);
  if (!isGood) throw new Error(stderr);
  return stdout;
}

/** Each line with an include becomes a comment, and below it the files stand between two more. */
async function withIncludes(text: string, home: string): Promise<string> {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const pattern = /^\s*include\s+(\S+);/.exec(line)?.[1];
    if (pattern === undefined) {
      lines.push(line);
      continue;
    }
    lines.push(`#import ${line.trim()}`);
    const { stdout } = await run('sh', ['-c', `ls -1 ${pattern} 2> /dev/null || true`], { cwd: home });
    for (const name of stdout.split('\n').filter((path) => path !== '')) {
      const path = resolve(home, name);
      const content = await withIncludes(await readFile(path, 'utf8'), home);
      lines.push(`#included-begin ${path};`, content, `#included-end ${path};`);
    }
  }
  return lines.join('\n');
}

function cut(row: string): readonly [code: string, cert: string, key: string] {
  const [code = '', cert = '', key = ''] = row.split(',');
  return [code, cert, key];
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
