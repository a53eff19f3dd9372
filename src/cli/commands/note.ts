/** `order note list|add|change|remove|history`. */
import type { Command } from 'commander';
import { api, type WireNote, type WireNoteHistory } from '../../dialects/native/schema.ts';
import { visible } from '../../domain/visible-text.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';
import { actorText, momentText, optionalActorText } from '../words.ts';

const columns: readonly Column<WireNote>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'WRITTEN', value: ({ createdAt }) => momentText(createdAt) },
  { title: 'TEXT', value: ({ text }) => text, isFlexible: true },
  { title: 'CHANGED', value: ({ changedAt }) => (changedAt === null ? '–' : momentText(changedAt)) },
  { title: 'AUTHOR', value: ({ author }) => actorText(author), isFlexible: true },
  { title: 'CHANGED BY', value: ({ changedBy }) => optionalActorText(changedBy) ?? '–', isFlexible: true },
];

const historyColumns: readonly Column<WireNoteHistory>[] = [
  ...columns,
  { title: 'VERSION', value: ({ version }) => String(version), align: 'right' },
  { title: 'REMOVED', value: ({ removedAt }) => (removedAt === null ? '–' : momentText(removedAt)) },
  { title: 'BEFORE', value: ({ before }) => before.map(({ text }) => text).join(' | '), isFlexible: true },
];

const lineOf = (verb: string, { number, text }: WireNote) => [`${verb} note ${number}: ${visible(text)}`];

export function addNoteCommands(order: Command, cli: Cli): void {
  const group = addGroup(order, {
    usage: 'note',
    summary: 'Notes beside an order',
    description:
      'What people write beside an order. Whatever was written is kept: changes and removals are in its history.',
  });

  const list = addCommand(group, {
    usage: 'list <order>',
    summary: 'List the notes of an order',
    description: 'Lists the notes, newest first.',
    examples: [['certmux order note list 10000017', 'by number of the order']],
  });
  addCsvOption(list);
  remoteAction(cli, list, async ({ client, args, output }) =>
    output.list({
      endpoint: api.notes.list,
      read: () => client.notes.list({ order: args[0] ?? '' }),
      columns,
      none: 'There are none.',
    }),
  );

  const add = addCommand(group, {
    usage: 'add <order> <text>',
    summary: 'Write a note beside an order',
    description: 'Writes a note. Everybody of the account who sees the order reads it; the subscriber is not told.',
    examples: [['certmux order note add 10000017 "asked the web team, ticket 4711"', 'for the next who looks']],
  });
  remoteAction(cli, add, async ({ client, args, output }) => {
    const note = await client.notes.add({ order: args[0] ?? '', text: args[1] ?? '' });
    output.show(note, () => lineOf('Added', note));
  });

  const change = addCommand(group, {
    usage: 'change <order> <note> <text>',
    summary: 'Change a note',
    description:
      'Gives a note another text. What it said before stays in the history. For its author and administrators.',
    examples: [
      ['certmux order note change 10000017 10000003 "the web team has answered"', 'by the numbers in the list'],
    ],
  });
  remoteAction(cli, change, async ({ client, args: [order = '', note = '', text = ''], output }) => {
    const changed = await client.notes.change({ order, note, text });
    output.show(changed, () => lineOf('Changed', changed));
  });

  const remove = addCommand(group, {
    usage: 'remove <order> <note>',
    summary: 'Take a note out of the list',
    description: 'Takes a note out of the list; it stays in the history. For its author and administrators.',
    examples: [['certmux order note remove 10000017 10000003', 'by the numbers in the list']],
  });
  remoteAction(cli, remove, async ({ client, args: [order = '', note = ''], output }) => {
    const removed = await client.notes.remove({ order, note });
    output.show(removed, () => [`Removed note ${note}. It stays in the history: certmux order note history ${order}`]);
  });

  const history = addCommand(group, {
    usage: 'history <order>',
    summary: 'Show everything that was ever written beside an order',
    description: 'Shows the notes with what they said before, and those that were removed.',
    examples: [['certmux order note history 10000017 --json', 'with who wrote what when']],
  });
  addCsvOption(history);
  remoteAction(cli, history, async ({ client, args, output }) =>
    output.list({
      endpoint: api.notes.history,
      read: () => client.notes.history({ order: args[0] ?? '' }),
      columns: historyColumns,
      none: 'There is none.',
    }),
  );
}
