/** What the pages say of the command line is so: each command and option that they name is there, and each that is there is in their table. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Command, commandTree, leavesOf } from '../support/command-tree.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = [
  ...['README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...['docs', 'docs/divergences', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];
const program = commandTree();
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Lines of shell (systemd's own words name the service), and what stands in backquotes; without comments, and up to the end of the command. */
function commandLinesOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block.replaceAll(/\\\n\s*/g, ' ').split('\n'),
  );
  const spans = [...text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, span = '']) => span,
  );
  return [...blocks, ...spans].flatMap((line) =>
    [...line.matchAll(/(?<!--unit|--now|restart|security)(?:^|[=\s(])(?:\S*\/bin\/|\.\/)?certmux ([^|;&#]+)/g)].map(
      ([, words = '']) => words.trim(),
    ),
  );
}

/** @returns what is wrong with it; undefined: nothing */
function objectionTo(line: string): string | undefined {
  let command: Command = program;
  const words = line.split(/\s+/);
  for (const [at, word] of words.entries()) {
    if (command.commands.length === 0 || !/^[a-z][a-z-]*$/.test(word)) break;
    const child = command.commands.find((one) => one.name() === word);
    // `certmux key list|show` has more than one; a text goes on with words of its own.
    if (child === undefined)
      return at === 0 ? `there is no command ${word}` : `${command.name()} has no command ${word}`;
    command = child;
  }
  const options = line.split(' -- ')[0]?.matchAll(/(?:^|\s)(--[a-z][a-z-]*)/g) ?? [];
  const known = new Set([
    ...command.options.map(({ long }) => long),
    ...program.options.map(({ long }) => long),
    '--help',
  ]);
  // Of a group: of any command of it.
  const below = new Set(leavesOf(command).flatMap(([, leaf]) => leaf.options.map(({ long }) => long)));
  for (const [, option = ''] of options)
    if (!known.has(option) && !(command.commands.length > 0 && below.has(option))) return `there is no ${option}`;
  return undefined;
}

describe('the command lines on the pages', () => {
  test('are found', () => assert.ok(pages.flatMap((page) => commandLinesOf(textOf(page))).length > 300));

  for (const page of pages) {
    test(page, () => {
      const wrong = commandLinesOf(textOf(page)).flatMap((line) => {
        const objection = objectionTo(line);
        return objection === undefined ? [] : [`certmux ${line}: ${objection}`];
      });
      assert.deepEqual(wrong, []);
    });
  }

  test('a wrong one would be noticed', () => {
    assert.deepEqual(
      ['order plaice tls-dv', 'order place tls-dv --metod email', 'serf', 'order list --state open'].map(objectionTo),
      ['order has no command plaice', 'there is no --metod', 'there is no command serf', undefined],
    );
  });
});

for (const page of ['docs/cli.md', 'docs/cli.zh-CN.md']) {
  test(`${page} has each command in its table, and no other`, () => {
    const table = textOf(page).split(/^## (?:Commands|全部命令)$/m)[1] ?? '';
    const listed = [...table.matchAll(/^\| ((?:[^|\\]|\\.)+)/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, span = '']) => expanded(span.replaceAll('\\|', '|'))),
    );
    assert.deepEqual(
      listed.toSorted(),
      leavesOf(program)
        .map(([words]) => words)
        .toSorted(),
    );
  });
}

/** `order place|list` is `order place` and `order list`; `completion bash|zsh` is one command with a word. */
function expanded(span: string): readonly string[] {
  const words = span.split(' ');
  const last = words.pop() ?? '';
  const all = last.split('|').map((word) => [...words, word].join(' '));
  return words.join(' ') === 'completion' ? ['completion'] : all;
}
