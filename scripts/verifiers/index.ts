/**
 * `npm run test:verifiers`: what the private authority issues, verified by the programs that relying parties use, at moments and in
 * ways that they must accept and refuse. `-- --only openssl,go` leaves the others out. Not part of `npm test`: it needs their tools.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { go } from './go.ts';
import { java } from './java.ts';
import { openssl } from './openssl.ts';
import { makeSituations } from './situations.ts';
import { type Verifier, writeFiles } from './verifier.ts';

const all: Readonly<Record<string, Verifier>> = { openssl, go, java };

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(all);
const verifiers = wanted.map((key) => {
  const verifier = all[key];
  if (verifier === undefined) throw new Error(`--only takes ${Object.keys(all).join(', ')}, not ${key}`);
  return { verifier, version: verifier.prepare() };
});

const folder = mkdtempSync(join(tmpdir(), 'certmux-verifiers-'));
const faults: string[] = [];
try {
  const titles = verifiers.map(({ verifier, version }) => `${verifier.title} ${version}`);
  const widths = titles.map((title) => Math.max(title.length, 'refused (!)'.length));
  const line = (first: string, cells: readonly string[]) =>
    console.log(
      [first.padEnd(20), ...cells.map((cell, index) => cell.padEnd(widths[index] ?? 0))].join('  ').trimEnd(),
    );
  const situations = await makeSituations();
  line('situation', titles);
  for (const [index, situation] of situations.entries()) {
    const files = writeFiles(join(folder, String(index)), situation);
    const cells = verifiers.map(({ verifier }) => {
      const { isAccepted, said } = verifier.verify(files, situation);
      const verdict = isAccepted ? 'ok' : 'refused';
      if (verdict === situation.expected) return verdict;
      faults.push(`${verifier.title}, ${situation.title}: ${verdict}, expected ${situation.expected} (${said})`);
      return `${verdict} (!)`;
    });
    line(situation.title, cells);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
