/** `ca show|publish-crl|export`: the server's own certificate authorities. */

import { type Command, Option } from 'commander';
import { api, type WireAuthority } from '../../dialects/native/schema.ts';
import { endsSoon } from '../../domain/authority.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction } from '../command.ts';
import { withoutEnded } from '../ended-roots.ts';
import { UsageError } from '../failure.ts';
import type { Column } from '../table.ts';
import { dayText, momentText } from '../words.ts';
import { addCaImportCommands } from './ca-import.ts';
import { addOfflineCaCommands } from './ca-offline.ts';
import { addOutsideCaCommands } from './ca-outside.ts';
import { addCaRolloverCommands } from './ca-rollover.ts';

const columnsAt = (now: Date): readonly Column<WireAuthority>[] => [
  { title: 'ROLE', value: ({ role }) => role },
  { title: 'SUBJECT', value: ({ subject }) => subject, isFlexible: true },
  {
    title: 'KEY',
    value: ({ keyKind, keyPlace }) => (keyPlace === 'outside' ? `${keyKind}, outside` : keyKind),
  },
  {
    title: 'ENDS',
    value: ({ notAfter }) => {
      const isSoon = endsSoon({ notAfter: new Date(notAfter) }, [], now);
      return isSoon ? `${dayText(notAfter)}, see ca plan` : dayText(notAfter);
    },
  },
  {
    title: 'LIST',
    value: ({ crl }) =>
      crl === null ? 'none' : `${crl.number}, ${crl.entries} entries, until ${dayText(crl.nextUpdate)}`,
  },
  { title: 'SHA-256', value: ({ sha256 }) => `${sha256.slice(0, 16)}…` },
  { title: 'ID', value: ({ id }) => id },
];

export function addCaCommands(program: Command, cli: Cli): void {
  const ca = addGroup(program, {
    usage: 'ca',
    summary: "The server's own certificate authorities",
    description: 'The roots and intermediates of the embedded issuer. Clients must trust the root; see ca export.',
  });

  const show = addCommand(ca, {
    usage: 'show',
    summary: 'Show the authorities',
    description:
      'Lists roots and intermediates with their keys and when they end. When each is followed by another one is in ca plan.',
    examples: [
      ['certmux ca show', 'a table'],
      ['certmux ca show --json', 'with their certificates and whole fingerprints'],
    ],
  }).option('--list-due', 'only those whose next list is to be handed in');
  addCsvOption(show);
  remoteAction<{ listDue?: true }>(cli, show, async ({ client, options, output, terminal }) =>
    output.list({
      endpoint: api.authorities.list,
      read: () => client.authorities.list({ listDue: options.listDue && 'true' }),
      columns: columnsAt(terminal.clock.now()),
      none: 'This server has no authorities of its own.',
    }),
  );

  const publish = addCommand(ca, {
    usage: 'publish-crl <authority>',
    summary: 'Publish a new list of revoked certificates now',
    description:
      'Makes a new list of the authority. Lists are made every day, and at every revocation, by themselves: use it when somebody doubts it. For operators.',
    examples: [['certmux ca publish-crl ca_01…', 'the id is in ca show']],
  });
  remoteAction(cli, publish, async ({ client, args, output }) => {
    const authority = await client.authorities.publishCrl({ authority: args[0] ?? '' });
    output.show(authority, () => [
      authority.crl === null
        ? 'The list is still being made: look again with certmux ca show.'
        : `The newest list of ${authority.subject} is number ${authority.crl.number}, of ${momentText(authority.crl.thisUpdate)}, with ${authority.crl.entries} entries.`,
    ]);
  });

  addCaRolloverCommands(ca, cli);

  const exported = addCommand(ca, {
    usage: 'export [authority]',
    summary: 'Get the root certificates as PEM',
    description:
      'Writes certificates of the authorities as PEM: by default the roots. Give the roots to the machines that are to ' +
      'trust this server; one that has ended is left out unless you name it. Compare the fingerprint (ca show --json) over another way before you trust one.',
    examples: [
      ['certmux ca export --output certmux-root.pem', 'the roots into a file'],
      ['certmux ca export --role intermediate', 'the intermediates'],
    ],
  })
    .addOption(
      new Option('--role <role>', 'which authorities').choices(['root', 'intermediate', 'all']).default('root'),
    )
    .option('-o, --output <file>', 'the file to write');
  remoteAction<{ role: WireAuthority['role'] | 'all'; output?: string }>(
    cli,
    exported,
    async ({ client, args, options, output, terminal }) => {
      const { items } = await client.authorities.list({});
      const chosen =
        args[0] === undefined
          ? withoutEnded(
              items.filter(({ role }) => options.role === 'all' || role === options.role),
              terminal,
            )
          : items.filter(({ id }) => id === args[0]);
      if (chosen.length === 0) throw new UsageError('there is no such authority', 'see: certmux ca show');
      const pem = chosen.map((one) => one.pem).join('');
      if (options.output === undefined) {
        output.show({ items: chosen }, () => [pem.trimEnd()]);
        return;
      }
      await terminal.writeFile(options.output, Buffer.from(pem));
      const written = { file: options.output, count: chosen.length };
      output.show(written, () => [`Wrote ${chosen.length} certificate(s) to ${options.output}.`]);
    },
  );

  addOutsideCaCommands(ca, cli);

  addCaImportCommands(ca, cli);
  addOfflineCaCommands(ca, cli);
}
