/**
 * `npm run lint:certificates`: what certmux makes, judged by zlint, pkilint and its own lint: every product with every key under every
 * authority, CAs and lists. Fails on an error that is not in the table of those that do not apply, and on a row of that table which no longer
 * occurs. `-- --write` keeps what was judged for docs/lint.md. Needs Go, Python, OpenSSL and, the first time, the network.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { broken } from './broken.ts';
import { openLinters, pkilintVersion, zlintVersion } from './linters.ts';
import type { Made } from './made.ts';
import { type All, makeAll } from './make-all.ts';
import { type Judged, keepJudged } from './results.ts';
import { tally } from './tally.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean' } } });

const folder = mkdtempSync(join(tmpdir(), 'certmux-lint-'));
try {
  const linters = await openLinters().catch((thrown: Error) => {
    console.error(thrown.message);
    process.exit(1);
  });
  await requireEyes();
  const all = await makeAll();
  say(all);
  const started = performance.now();
  const complaints = await judge(all.made);
  const { wrong, met, unmet } = tally(all.made, complaints);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`judged by zlint ${zlintVersion}, pkilint ${pkilintVersion} and certmux, in ${seconds} s`);
  for (const [what, times] of met) console.log(`does not apply, ${times} times: ${what}`);
  for (const what of unmet) console.error(`FAILED: not met, so take it out of not-applicable.ts: ${what}`);
  const grouped = Map.groupBy(wrong, ({ complaint: { tool, lint }, made }) => `${tool} ${lint}, ${made.kind}`);
  for (const [what, some] of grouped) {
    console.error(`FAILED: ${what}, ${some.length} times: ${some[0]?.made.title}: ${some[0]?.complaint.detail}`);
  }
  const isGreen = wrong.length + unmet.length === 0;
  process.exitCode = isGreen ? 0 : 1;
  if (values.write === true && isGreen) keepJudged(judgedOf(all));

  /** Linters that would find nothing must not look as if there was nothing. */
  async function requireEyes(): Promise<void> {
    const [ones = []] = await judge([await broken()]);
    for (const tool of ['zlint', 'pkilint'] as const) {
      if (!ones.some((one) => one.tool === tool))
        throw new Error(`${tool} finds nothing in a certificate that is broken`);
    }
  }

  function judge(made: readonly Pick<Made, 'pem' | 'kind'>[]): ReturnType<typeof linters.judge> {
    return linters.judge(
      made.map(({ pem, kind }, index) => {
        const file = join(folder, `${index}.pem`);
        writeFileSync(file, pem);
        return { file, kind };
      }),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function judgedOf({ made, looks, signing }: All): Judged {
  return {
    on: new Date().toISOString().slice(0, 10),
    zlint: zlintVersion,
    pkilint: pkilintVersion,
    looks: looks.length,
    products: looks.flatMap(({ products }) => products).toSorted(),
    authorities: signing,
    made: Object.fromEntries([...Map.groupBy(made, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length])),
  };
}

function say({ made, looks, signing }: All): void {
  const products = looks.flatMap((look) => look.products);
  const kinds = [...Map.groupBy(made, ({ kind }) => kind)].map(([kind, some]) => `${some.length} ${kind}`);
  console.log(`${products.length} products, whose certificates look like one of ${looks.length}:`);
  for (const { profile, coverage, names, products: alike } of looks) {
    const what = `${profile.id}, ${coverage.count} ${coverage.unit}, ${names.join(' ')}`;
    console.log(`  ${what}: ${alike.join(', ')}`);
  }
  console.log(`${signing.length} authorities: ${signing.join(', ')}`);
  console.log(`${made.length} certificates and lists: ${kinds.join(', ')}`);
}
