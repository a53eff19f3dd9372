/** The two linters: zlint, which `go install` builds, and pkilint, which pip installs, each in one version, in `node_modules/.cache`. */
import { execFile, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { goProgram } from '../../bench/peers/program.ts';
import { installPackages, isCommand } from '../test-tools.ts';
import type { Kind } from './made.ts';

const run = promisify(execFile);
const maxBuffer = 1 << 30;
export const zlintVersion = 'v3.7.3';
export const pkilintVersion = '0.13.3';

export interface Complaint {
  readonly tool: 'zlint' | 'pkilint' | 'certmux';
  readonly lint: string;
  readonly detail: string;
}

export interface ToJudge {
  /** PEM. */
  readonly file: string;
  readonly kind: Kind;
}

export interface Linters {
  /** What each says of each, in the same order. */
  judge(some: readonly ToJudge[]): Promise<readonly (readonly Complaint[])[]>;
}

/** @throws {Error} one sentence that names what is missing */
export async function openLinters(): Promise<Linters> {
  if (!isCommand('go')) throw new Error('zlint needs Go, which is not on this machine: install it (https://go.dev/dl)');
  if (!isCommand('python3')) installPackages(['python3', 'python3-venv']);
  if (!isCommand('openssl')) installPackages(['openssl']);
  const zlint = await goProgram({ package: 'github.com/zmap/zlint/v3/cmd/zlint', version: zlintVersion });
  const bin = await pkilint();
  return {
    async judge(some) {
      const [ones, others] = await Promise.all([byZlint(zlint, some), byPkilint(bin, some)]);
      return some.map((_, index) => [...(ones[index] ?? []), ...(others[index] ?? [])]);
    },
  };
}

/** The folder of its programs. */
async function pkilint(): Promise<string> {
  const folder = join(import.meta.dirname, '../../node_modules/.cache/certmux-lint', `pkilint-${pkilintVersion}`);
  const bin = join(folder, 'bin');
  const isThere = await access(join(bin, 'lint_crl')).then(
    () => true,
    () => false,
  );
  if (isThere) return bin;
  console.log(`installing pkilint ${pkilintVersion} …`);
  await run('python3', ['-m', 'venv', folder], { maxBuffer });
  await run(join(bin, 'pip'), ['install', '--quiet', `pkilint==${pkilintVersion}`], { maxBuffer });
  return bin;
}

/** As many as a command line holds. */
const atOnce = 500;

async function byZlint(program: string, some: readonly ToJudge[]): Promise<readonly (readonly Complaint[])[]> {
  const all: (readonly Complaint[])[] = [];
  for (let start = 0; start < some.length; start += atOnce) {
    const files = some.slice(start, start + atOnce).map(({ file }) => file);
    const { stdout } = await run(program, files, { maxBuffer });
    const lines = stdout.trim().split('\n');
    if (lines.length !== files.length) throw new Error(`zlint judged ${lines.length} files of ${files.length}`);
    for (const [index, line] of lines.entries()) all.push(complaintsOfZlint(line, files[index] ?? ''));
  }
  return all;
}

function complaintsOfZlint(line: string, file: string): readonly Complaint[] {
  const results: Record<string, { result: string; details?: string }> = JSON.parse(line);
  if (!Object.values(results).some(({ result }) => result === 'pass'))
    throw new Error(`zlint asked nothing of ${file}`);
  return Object.entries(results).flatMap(([lint, { result, details = '' }]): Complaint[] =>
    result === 'error' || result === 'fatal' ? [{ tool: 'zlint', lint, detail: details }] : [],
  );
}

const list = ['lint_crl', 'lint', '-t', 'CRL', '-p', 'BR'] as const;

/** Private certificates by RFC 5280 only: they claim nothing else. */
const asked: Readonly<Record<Kind, readonly string[]>> = {
  'public-dv': ['lint_cabf_serverauth_cert', 'lint', '-t', 'DV-FINAL-CERTIFICATE'],
  'public-ov': ['lint_cabf_serverauth_cert', 'lint', '-t', 'OV-FINAL-CERTIFICATE'],
  'public-ev': ['lint_cabf_serverauth_cert', 'lint', '-t', 'EV-FINAL-CERTIFICATE'],
  private: ['lint_pkix_cert', 'lint'],
  root: ['lint_cabf_serverauth_cert', 'lint', '-t', 'ROOT-CA'],
  intermediate: ['lint_cabf_serverauth_cert', 'lint', '-t', 'INTERNAL-UNCONSTRAINED-TLS-CA'],
  list,
  'imported-list': list,
  'last-list': list,
  'root-list': ['lint_crl', 'lint', '-t', 'ARL', '-p', 'BR'],
};

/** pkilint takes a tenth of a second for each, and a core. */
const processes = 2;

async function byPkilint(bin: string, some: readonly ToJudge[]): Promise<readonly (readonly Complaint[])[]> {
  const size = Math.ceil(some.length / processes);
  const parts = Array.from({ length: processes }, (_, at) => some.slice(at * size, (at + 1) * size));
  return (await Promise.all(parts.filter(({ length }) => length > 0).map((part) => inOneProcess(bin, part)))).flat();
}

async function inOneProcess(bin: string, some: readonly ToJudge[]): Promise<readonly (readonly Complaint[])[]> {
  const python = spawn(join(bin, 'python'), [join(import.meta.dirname, 'pkilint_many.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => python.once('error', reject).once('exit', resolve));
  const output = text(python.stdout);
  for (const { file, kind } of some) {
    python.stdin.write(`${JSON.stringify([...asked[kind], '-s', 'ERROR', '-f', 'JSON', file])}\n`);
  }
  python.stdin.end();
  const lines = (await output).trim().split('\n');
  if ((await ended) !== 0 || lines.length !== some.length)
    throw new Error(`pkilint judged ${lines.length} of ${some.length}`);
  return lines.map((line) => {
    const { results }: { results: readonly PkilintResult[] } = JSON.parse(line);
    return results.flatMap(({ finding_descriptions: found, node_path: place }) =>
      found.map(
        ({ code, message }) => ({ tool: 'pkilint', lint: code, detail: `${place} ${message ?? ''}`.trim() }) as const,
      ),
    );
  });
}

interface PkilintResult {
  readonly node_path: string;
  readonly finding_descriptions: readonly { readonly code: string; readonly message: string | null }[];
}
