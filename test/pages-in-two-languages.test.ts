/**
 * Each page in Chinese says what its English one says: the same headings by level, the same commands and examples but for their comments,
 * the same rows of tables. Whoever adds something to one page is told of the other. And every link of a page leads somewhere.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const markdownIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = ['.', 'docs', 'docs/divergences', 'docs/decisions'].flatMap(markdownIn);
const chinesePages = pages.filter((page) => page.endsWith('.zh-CN.md'));

interface Page {
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  readonly blocks: readonly { readonly kind: string; readonly lines: readonly string[] }[];
  /** By table, the first cell of each row. */
  readonly tables: readonly (readonly string[])[];
}

function readPage(page: string): Page {
  const headings: { level: number; text: string }[] = [];
  const blocks: { kind: string; lines: string[] }[] = [];
  const tables: string[][] = [];
  let isInBlock = false;
  let isInTable = false;
  for (const line of readFileSync(join(root, page), 'utf8').split('\n')) {
    const fence = /^\s*```(.*)$/.exec(line);
    if (fence !== null) {
      isInBlock = !isInBlock;
      if (isInBlock) blocks.push({ kind: (fence[1] ?? '').trim(), lines: [] });
      continue;
    }
    if (isInBlock) {
      blocks.at(-1)?.lines.push(line);
      continue;
    }
    const heading = /^(#+) (.+)$/.exec(line);
    if (heading !== null) headings.push({ level: heading[1]?.length ?? 0, text: heading[2] ?? '' });
    const isRow = line.startsWith('|');
    if (isRow && !isInTable) tables.push([]);
    if (isRow) tables.at(-1)?.push(/^\|((?:[^|\\]|\\.)*)/.exec(line)?.[1]?.trim() ?? '');
    isInTable = isRow;
  }
  return { headings, blocks, tables };
}

/** What is run or written, without what explains it. A block of no language shows what somebody reads: only its length is the same. */
function linesOf({ kind, lines }: Page['blocks'][number]): readonly string[] | number {
  if (kind === '') return lines.length;
  return lines.map((line) => line.replace(/(^|\s)#(?!!).*$/, '').trimEnd());
}

/** The names in a cell: commands, settings, values. What stands for something, after an option, is a word of the language. */
function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) =>
    name.startsWith('--') ? (name.split(' ')[0] ?? '') : name,
  );
}

describe('a page in Chinese', () => {
  test('is there for each page that the documentation promises in both languages', () =>
    assert.deepEqual(chinesePages.toSorted(), [
      'README.zh-CN.md',
      ...[
        'alias-zone',
        'ca-import',
        'ca',
        'cli',
        'configuration',
        'console',
        'get',
        'lint',
        'native-api',
        'not-yet',
        'operations',
        'production',
        'public-cas',
        'upstreams',
      ].map((name) => `docs/${name}.zh-CN.md`),
    ]));

  for (const page of chinesePages) {
    const englishPage = page.replace('.zh-CN', '');
    const english = readPage(englishPage);
    const chinese = readPage(page);

    test(`${page} has the headings of ${englishPage}`, () => {
      assert.deepEqual(
        chinese.headings.map(({ level }) => level),
        english.headings.map(({ level }) => level),
        `${english.headings.map(({ text }) => text).join(' · ')}\n${chinese.headings.map(({ text }) => text).join(' · ')}`,
      );
      // Of alarms and alerts, by which others link to it.
      for (const [at, { level, text }] of chinese.headings.entries())
        if (level > 3) assert.equal(text, english.headings[at]?.text);
    });

    test(`${page} has its examples`, () => {
      assert.deepEqual(
        chinese.blocks.map(({ kind }) => kind),
        english.blocks.map(({ kind }) => kind),
      );
      for (const [at, block] of chinese.blocks.entries()) {
        const original = english.blocks[at];
        assert.deepEqual(linesOf(block), original && linesOf(original), `${block.lines.join('\n')}`);
      }
    });

    test(`${page} has the rows of its tables`, () => {
      assert.deepEqual(
        chinese.tables.map((cells) => cells.map(namesIn)),
        english.tables.map((cells) => cells.map(namesIn)),
      );
    });
  }
});

/** As GitHub makes it of a heading: lower case, without punctuation, hyphens for blanks. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  return new Set(
    readPage(page).headings.map(({ text }) => {
      const anchor = anchorOf(text);
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      return times === 0 ? anchor : `${anchor}-${times}`;
    }),
  );
}

test('every link of every page leads to a file, and to a heading that is there', () => {
  const broken: string[] = [];
  let links = 0;
  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8')
      .replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '')
      .replaceAll(/`[^`\n]*`/g, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      links++;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      const isThere = existsSync(join(root, file));
      const isHeading = anchor === undefined || (isThere && anchorsOf(file).has(decodeURIComponent(anchor)));
      if (!isThere || !isHeading) broken.push(`${page}: ${target}`);
    }
  }
  assert.ok(links > 200, `${links} links`);
  assert.deepEqual(broken, []);
});
