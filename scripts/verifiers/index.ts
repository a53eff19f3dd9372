/**
 * `npm run test:verifiers`: what the private authority issues, verified by the programs that relying parties use, at moments and in
 * ways that they must accept and refuse. `-- --only openssl,go` leaves the others out; `-- --write` keeps the table for docs/lint.md. Not
 * part of `npm test`: it needs their tools.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  cannotAsk,
  type Expectation,
  expectations,
  type SituationId,
  situationIds,
  type VerifierId,
} from './expected.ts';
import { gnutls } from './gnutls.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { nss } from './nss.ts';
import { openssl } from './openssl.ts';
import { keepResults, type Verdict } from './results.ts';
import { rustls } from './rustls.ts';
import { makeSituations } from './situations.ts';
import { type Verifier, writeFiles } from './verifier.ts';

const all: Readonly<Record<VerifierId, Verifier>> = { openssl, go, java, nss, gnutls, rustls };

const { values } = parseArgs({ options: { only: { type: 'string' }, write: { type: 'boolean' } } });
const verifiers = prepareOrEnd();

const folder = mkdtempSync(join(tmpdir(), 'certmux-verifiers-'));
const faults: string[] = [];
const results: Partial<Record<SituationId, Partial<Record<VerifierId, Verdict>>>> = {};
try {
  const titles = verifiers.map(({ verifier, version }) => `${verifier.title} ${version}`);
  const widths = titles.map((title) => Math.max(title.length, 'refused (!)'.length));
  const first = Math.max(...situationIds.map((id) => expectations[id].title.en.length));
  const line = (title: string, cells: readonly string[]) =>
    console.log(
      [title.padEnd(first), ...cells.map((cell, index) => cell.padEnd(widths[index] ?? 0))].join('  ').trimEnd(),
    );
  const situations = await makeSituations();
  line('situation', titles);
  for (const id of situationIds) {
    const situation = situations[id];
    const { title, expected, needs, because }: Expectation = expectations[id];
    const files = writeFiles(join(folder, id), situation);
    const cells = verifiers.map(({ id: by, verifier }) => {
      const { isAccepted, said } = verifier.verify(files, situation);
      const verdict = isAccepted ? 'ok' : 'refused';
      const excuse = needs === undefined ? undefined : cannotAsk[by]?.[needs];
      const wantedVerdict = excuse === undefined ? expected : 'ok';
      results[id] = { ...results[id], [by]: excuse === undefined ? verdict : 'cannotAsk' };
      if (verdict === 'refused' && because !== undefined && !because.test(said))
        faults.push(`${verifier.title}, ${title.en}: refused for another reason (${said})`);
      if (verdict === wantedVerdict) return excuse === undefined ? verdict : 'cannot ask';
      faults.push(`${verifier.title}, ${title.en}: ${verdict}, expected ${wantedVerdict} (${said})`);
      return `${verdict} (!)`;
    });
    line(title.en, cells);
  }
  const asked = new Set(situationIds.flatMap((id) => (expectations[id] as Expectation).needs ?? []));
  for (const { id, verifier } of verifiers) {
    for (const [ask, reason] of Object.entries(cannotAsk[id] ?? {})) {
      console.log(`${verifier.title} cannot ask (${ask}): ${reason.en}`);
      if (!asked.has(ask as never)) faults.push(`no situation needs ${ask}, which ${verifier.title} cannot ask`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
if (values.write === true && faults.length === 0) {
  const versions = Object.fromEntries(
    verifiers.map(({ id, verifier, version }) => [id, `${verifier.title} ${version}`]),
  );
  keepResults({ on: new Date().toISOString().slice(0, 10), versions, results });
}

/** What is missing is installed or built; where that cannot be done, one sentence says so. */
function prepareOrEnd() {
  const wanted = values.only?.split(',') ?? Object.keys(all);
  try {
    if (values.write === true && values.only !== undefined)
      throw new Error('--write keeps the table of all: leave --only out');
    return wanted.map((key) => {
      const id = (Object.keys(all) as VerifierId[]).find((one) => one === key);
      if (id === undefined) throw new Error(`--only takes ${Object.keys(all).join(', ')}, not ${key}`);
      return { id, verifier: all[id], version: all[id].prepare() };
    });
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    process.exit(1);
  }
}
