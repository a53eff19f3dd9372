/** `server show`, `issuer list`, `profile list`: what this installation is made of, and how its parts do. */
import type { Command } from 'commander';
import { api, type WireIssuerState, type WireProfile } from '../../dialects/native/schema.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction } from '../command.ts';
import { type Column, factLines } from '../table.ts';
import { momentText } from '../words.ts';

const issuerColumns: readonly Column<WireIssuerState>[] = [
  { title: 'ISSUER', value: ({ id }) => id },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'HEALTH', value: ({ health }) => health },
  { title: 'LAST', value: ({ lastIssuedAt }) => (lastIssuedAt === null ? '–' : momentText(lastIssuedAt)) },
  { title: '30 DAYS', value: ({ issuedIn30Days }) => String(issuedIn30Days), align: 'right' },
  { title: 'DUE', value: ({ queue }) => String(queue.due), align: 'right' },
  { title: 'UNDER WAY', value: ({ queue }) => String(queue.underWay), align: 'right' },
  { title: 'LEFT', value: ({ budget }) => (budget === null ? '–' : `${budget.left} of ${budget.limit}`) },
  { title: 'LAST FAILURE', value: ({ lastFailure }) => lastFailure?.detail ?? '', isFlexible: true },
];

const profileColumns: readonly Column<WireProfile>[] = [
  { title: 'PROFILE', value: ({ id }) => id },
  { title: 'LEVEL', value: ({ level }) => level },
  { title: 'DAYS', value: ({ maxValidityDays }) => String(maxValidityDays), align: 'right' },
  { title: 'PROOFS SERVE', value: ({ reuseDays }) => `${reuseDays} days` },
  { title: 'KEYS', value: ({ keyKinds }) => keyKinds.join(' '), isFlexible: true },
  { title: 'METHODS', value: ({ methods }) => methods.join(' '), isFlexible: true },
];

export function addFactCommands(program: Command, cli: Cli): void {
  const server = addGroup(program, {
    usage: 'server',
    summary: 'The server: version, settings in force, nodes',
    description: 'What the server that answers was started with. For operators.',
  });
  const show = addCommand(server, {
    usage: 'show',
    summary: 'Show the version, the settings in force and the nodes',
    description:
      'Shows what the server runs with. With --json also every setting that is in force, without secrets, and the licences of the packages ' +
      'that it is made with.',
    examples: [
      ['certmux server show', 'in short'],
      ['certmux server show --json', 'with every setting'],
    ],
  });
  remoteAction(cli, show, async ({ client, output }) => {
    const found = await client.server.show({});
    output.show(found, () =>
      factLines([
        ['Version', found.version],
        ['Since', momentText(found.startedAt)],
        ['Role', `${found.role}, ${found.threads} ${found.threads === 1 ? 'thread' : 'threads'}`],
        ['Address', found.publicUrl],
        ['Listens on', [...found.listeners, ...found.responders].join(', ')],
        ['Database', `${found.database.engine}, ${found.database.title}`],
        ['Data', found.dataDirectory],
        ['Resolvers', found.resolvers.join(', ')],
        [
          'Mail',
          found.mail === null ? 'none is sent' : `${found.mail.from} by ${found.mail.server} (${found.mail.tls})`,
        ],
        ['Jobs', `${found.jobs.waiting} waiting, ${found.jobs.running} running, ${found.jobs.failed} given up`],
        ...(found.clockFault === null ? [] : ([['Clock', found.clockFault]] as const)),
        ...(found.isDiskFull ? ([['Disk', 'full: only revocation works']] as const) : []),
        ...found.nodes.map(
          ({ name, role, version, seenAt }) =>
            ['Node', `${name} (${role}, ${version}), seen ${momentText(seenAt)}`] as const,
        ),
      ]),
    );
  });

  const issuer = addGroup(program, {
    usage: 'issuer',
    summary: 'Where certificates come from, and how each does',
    description: 'The embedded CA, upstreams and pools of the configuration. For operators.',
  });
  const list = addCommand(issuer, {
    usage: 'list',
    summary: 'List the issuers, with health, queue and last failure',
    description:
      'Lists every issuer of the configuration. See upstream show for all about one of our accounts at a CA.',
    examples: [['certmux issuer list', 'a table']],
  }).option('--without-ca', 'only those that a CA outside has still to certify');
  addCsvOption(list);
  remoteAction<{ withoutCa?: true }>(cli, list, async ({ client, options, output }) =>
    output.list({
      endpoint: api.issuers.list,
      read: () => client.issuers.list({ withoutCa: options.withoutCa && 'true' }),
      columns: issuerColumns,
      none: 'No issuer is configured.',
    }),
  );

  const profile = addGroup(program, {
    usage: 'profile',
    summary: 'What certificates of each profile may be',
    description: 'Validity, keys and methods of validation of each profile. A product names its profile.',
  });
  const profiles = addCommand(profile, {
    usage: 'list',
    summary: 'List the profiles',
    description: 'Lists the profiles as the configuration has them.',
    examples: [['certmux profile list', 'a table']],
  });
  addCsvOption(profiles);
  remoteAction(cli, profiles, async ({ client, output }) =>
    output.list({
      endpoint: api.profiles.list,
      read: () => client.profiles.list({}),
      columns: profileColumns,
      none: 'There is no profile.',
    }),
  );
}
