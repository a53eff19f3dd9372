/**
 * `npm run lint:certificates`: what certmux makes, judged by zlint and pkilint. Fails on an error that applies, and on a row of the table of
 * those that do not apply which no longer occurs. Needs Go, Python and, the first time, the network.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Complaint, openLinters, pkilintVersion, zlintVersion } from './linters.ts';
import { type Made, makeAll } from './made.ts';
import { appliesNot, type NotApplicable, notApplicable } from './not-applicable.ts';

/** Most of the time is that of starting programs. */
const judgedAtOnce = 4;

const folder = mkdtempSync(join(tmpdir(), 'certmux-lint-'));
try {
  const linters = await openLinters();
  const all = await makeAll(() => undefined);
  const wrong: { readonly made: Made; readonly complaint: Complaint }[] = [];
  const met = new Map<NotApplicable, number>();
  let next = 0;
  const judge = async () => {
    for (let at = next++; at < all.length; at = next++) {
      const made = all[at];
      if (made === undefined) return;
      const file = join(folder, `${at}.pem`);
      writeFileSync(file, made.pem);
      for (const complaint of await linters.judge(file, made.kind)) {
        const known = appliesNot(complaint, made.kind);
        if (known === undefined) wrong.push({ made, complaint });
        else met.set(known, (met.get(known) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: judgedAtOnce }, judge));
  console.log(`${all.length} certificates and lists, by zlint ${zlintVersion} and pkilint ${pkilintVersion}`);
  for (const [{ tool, lint, kinds, reason, source }, times] of met) {
    console.log(`does not apply (${times} times): ${tool} ${lint}, ${kinds.join(', ')}: ${reason} (${source})`);
  }
  const unmet = notApplicable.filter((one) => !met.has(one));
  for (const { tool, lint } of unmet) console.error(`FAILED: ${tool} no longer complains of ${lint}: remove its row`);
  const grouped = Map.groupBy(wrong, ({ complaint: { tool, lint }, made }) => `${tool} ${lint}, ${made.kind}`);
  for (const [what, some] of grouped) {
    console.error(`FAILED: ${what}, ${some.length} times: ${some[0]?.made.title}: ${some[0]?.complaint.detail}`);
  }
  process.exitCode = wrong.length + unmet.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
