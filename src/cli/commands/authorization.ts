/** `authorization list|show|deactivate`: which names an account controls, and until when. */
import type { Command } from 'commander';
import { api, type WireAuthorization } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import { type Column, factLines } from '../table.ts';
import { dayText, momentText } from '../words.ts';

const columns: readonly Column<WireAuthorization>[] = [
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'PROVED BY', value: ({ provedBy }) => provedBy ?? '–' },
  { title: 'PROVED', value: ({ provedAt }) => dayText(provedAt) },
  { title: 'UNTIL', value: ({ expiresAt }) => dayText(expiresAt) },
  { title: 'ID', value: ({ id }) => id },
];

function lines(authorization: WireAuthorization): string[] {
  const { provedBy, provedAt, expiresAt, proofs } = authorization;
  return factLines([
    ['Authorization', authorization.id],
    ['Name', authorization.name],
    ['State', authorization.state],
    ['Account', authorization.accountId],
    ['Proved', provedBy === null || provedAt === null ? null : `by ${provedBy}, ${momentText(provedAt)}`],
    ['Until', expiresAt === null ? null : momentText(expiresAt)],
    ...proofs.map(({ method, lastCheck }) => [method, lastCheck?.problem ?? null] as const),
  ]);
}

export function addAuthorizationCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'authorization',
    summary: 'Authorizations: names whose control is proved',
    description: 'Each says that the account controls a name, until a date. Later orders use it again.',
  });

  const list = addPageOptions(
    addCommand(group, {
      usage: 'list',
      summary: 'List authorizations by name',
      description: 'Lists those that are valid; with --order those of an order in any state.',
      examples: [
        ['certmux authorization list', 'the names that need no proof now'],
        ['certmux authorization list --order 10000017', 'of one order'],
      ],
    }),
  ).option('--order <order>', 'id or number');
  remoteAction<PageOptions & { order?: string }>(cli, list, async ({ client, options, output }) =>
    output.list({
      endpoint: api.authorizations.list,
      page: options,
      read: (page) => client.authorizations.list({ ...page, order: options.order }),
      columns,
      none: 'There are none.',
    }),
  );

  const show = addCommand(group, {
    usage: 'show <authorization>',
    summary: 'Show an authorization',
    description: 'Shows its state and what the last check of each method found.',
    examples: [['certmux authorization show aut_01…', 'by the id in the list']],
  });
  remoteAction(cli, show, async ({ client, args, output }) => {
    const authorization = await client.authorizations.show({ authorization: args[0] ?? '' });
    output.show(authorization, () => lines(authorization));
  });

  const deactivate = addCommand(group, {
    usage: 'deactivate <authorization>',
    summary: 'Deactivate an authorization for good',
    description:
      'From now on it proves nothing: orders that wait for it and later ones need another proof. Use it when you gave up ' +
      'the domain. Certificates stay as they are.',
    examples: [['certmux authorization deactivate aut_01…', 'by the id in the list']],
  });
  remoteAction(cli, deactivate, async ({ client, args, output }) => {
    const authorization = await client.authorizations.deactivate({ authorization: args[0] ?? '' });
    output.show(authorization, () => [`Deactivated ${authorization.id} (${authorization.name}).`]);
  });
}
