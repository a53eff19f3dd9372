/** The two linters: zlint, which `go install` builds, and pkilint, which pip installs, each in one version, in `node_modules/.cache`. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goProgram } from '../../bench/peers/program.ts';
import type { Made } from './made.ts';

const run = promisify(execFile);
const maxBuffer = 64 << 20;
export const zlintVersion = 'v3.7.3';
export const pkilintVersion = '0.13.3';

export interface Complaint {
  readonly tool: 'zlint' | 'pkilint';
  readonly lint: string;
  readonly detail: string;
}

export interface Linters {
  judge(file: string, kind: Made['kind']): Promise<readonly Complaint[]>;
}

export async function openLinters(): Promise<Linters> {
  const zlint = await goProgram({ package: 'github.com/zmap/zlint/v3/cmd/zlint', version: zlintVersion });
  const bin = await pkilint();
  return {
    async judge(file, kind) {
      const [one, other] = await Promise.all([byZlint(zlint, file), byPkilint(bin, file, kind)]);
      return [...one, ...other];
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

async function byZlint(program: string, file: string): Promise<readonly Complaint[]> {
  const { stdout } = await run(program, [file], { maxBuffer });
  const results: Record<string, { result: string; details?: string }> = JSON.parse(stdout);
  const ran = Object.values(results).filter(({ result }) => result === 'pass');
  if (ran.length === 0) throw new Error(`zlint asked nothing of ${file}`);
  return Object.entries(results).flatMap(([lint, { result, details = '' }]): Complaint[] =>
    result === 'error' || result === 'fatal' ? [{ tool: 'zlint', lint, detail: details }] : [],
  );
}

/** Private certificates by RFC 5280 alone: they claim nothing else. */
const asked: Readonly<Record<Made['kind'], readonly string[]>> = {
  'public-dv': ['lint_cabf_serverauth_cert', 'lint', '-t', 'DV-FINAL-CERTIFICATE'],
  'public-ov': ['lint_cabf_serverauth_cert', 'lint', '-t', 'OV-FINAL-CERTIFICATE'],
  'public-ev': ['lint_cabf_serverauth_cert', 'lint', '-t', 'EV-FINAL-CERTIFICATE'],
  private: ['lint_pkix_cert', 'lint'],
  root: ['lint_cabf_serverauth_cert', 'lint', '-t', 'ROOT-CA'],
  intermediate: ['lint_cabf_serverauth_cert', 'lint', '-t', 'INTERNAL-UNCONSTRAINED-TLS-CA'],
  list: ['lint_crl', 'lint', '-t', 'CRL', '-p', 'BR'],
  'root-list': ['lint_crl', 'lint', '-t', 'ARL', '-p', 'BR'],
};

async function byPkilint(bin: string, file: string, kind: Made['kind']): Promise<readonly Complaint[]> {
  const [program = '', ...args] = asked[kind];
  // Its exit status is the number of findings.
  const stdout = await run(join(bin, program), [...args, '-s', 'ERROR', '-f', 'JSON', file], { maxBuffer }).then(
    (ended) => ended.stdout,
    (failed: { readonly stdout?: string }) => {
      if (failed.stdout?.startsWith('{') !== true) throw failed;
      return failed.stdout;
    },
  );
  const { results }: { results: readonly PkilintResult[] } = JSON.parse(stdout);
  return results.flatMap(({ finding_descriptions: found, node_path: place }) =>
    found.map(
      ({ code, message }) => ({ tool: 'pkilint', lint: code, detail: `${place} ${message ?? ''}`.trim() }) as const,
    ),
  );
}

interface PkilintResult {
  readonly node_path: string;
  readonly finding_descriptions: readonly { readonly code: string; readonly message: string | null }[];
}
