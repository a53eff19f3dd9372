/** `session list|end`: who is signed in to the console, and its end. */
import type { Command } from 'commander';
import { api, type WireSession } from '../../dialects/native/schema.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';
import { momentText } from '../words.ts';

const columns: readonly Column<WireSession>[] = [
  { title: 'SIGNED IN', value: ({ createdAt }) => momentText(createdAt) },
  { title: 'FROM', value: ({ address }) => address, isFlexible: true },
  { title: 'LAST USED', value: ({ lastUsedAt }) => momentText(lastUsedAt) },
  { title: 'ENDS', value: ({ expiresAt }) => momentText(expiresAt) },
  { title: 'ID', value: ({ id }) => id },
];

export function addSessionCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'session',
    summary: 'Sessions of people who signed in to the console',
    description:
      'A session begins when a person signs in to the console, and ends when they sign out, are idle for too long, get another password ' +
      'or are disabled. Keys have none.',
  });

  const list = addCommand(group, {
    usage: 'list',
    summary: 'List the open sessions of a person',
    description:
      'Lists the open sessions of the person who holds the token, or with --user those of a user whom you may manage.',
    examples: [
      ['certmux session list', 'your own'],
      ['certmux session list --user ops@example.com', 'those of a user'],
    ],
  }).option('--user <user>', 'id, number or user name');
  addCsvOption(list);
  remoteAction<{ user?: string }>(cli, list, async ({ client, options: { user }, output }) =>
    output.list({
      endpoint: api.sessions.list,
      read: () => client.sessions.list(withDefined({ user })),
      columns,
      none: 'There are none.',
    }),
  );

  const end = addCommand(group, {
    usage: 'end <session>',
    summary: 'End a session at once',
    description:
      'Ends a session, of your own or of a user whom you may manage. Their next request is asked to sign in again.',
    examples: [['certmux session end ses_06an7v5e8w9ckq3h2m4t6x8z0c', 'by the id in the list']],
  });
  remoteAction(cli, end, async ({ client, args: [session = ''], output }) => {
    await client.sessions.end({ session });
    output.show({ ended: true }, () => ['The session has ended.']);
  });
}
