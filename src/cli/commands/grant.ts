/** `grant propose|list|confirm|withdraw`: roles that two administrators grant together. */
import { type Command, Option } from 'commander';
import { api, type WireRoleGrant } from '../../dialects/native/schema.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { type RoleOptions, roleOption } from '../roles.ts';
import { type Column, factLines } from '../table.ts';
import { actorText, momentText, optionalActorText } from '../words.ts';

const columns: readonly Column<WireRoleGrant>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'FOR', value: ({ subject }) => actorText(subject), isFlexible: true },
  { title: 'ROLES', value: ({ roles }) => roles.join(', '), isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'PROPOSED BY', value: ({ proposedBy }) => actorText(proposedBy), isFlexible: true },
  { title: 'PROPOSED', value: ({ createdAt }) => momentText(createdAt) },
];

interface GrantListOptions extends PageOptions {
  readonly state?: WireRoleGrant['state'];
  readonly user?: string;
  readonly credential?: string;
}

function lines({ number, subject, roles, state, proposedBy, decidedBy }: WireRoleGrant): string[] {
  return factLines([
    ['Grant', String(number)],
    ['For', actorText(subject)],
    ['Roles', roles.join(', ')],
    ['State', state],
    ['Proposed by', actorText(proposedBy)],
    ['Decided by', optionalActorText(decidedBy)],
  ]);
}

export function addGrantCommands(program: Command, cli: Cli): void {
  const grant = addGroup(program, {
    usage: 'grant',
    summary: 'Roles that two administrators grant together',
    description:
      'In an account that separates duties it takes two to make an approver or an administrator: one person proposes it, another ' +
      'administrator confirms it. An operator needs nobody else.',
  });

  const propose = addCommand(grant, {
    usage: 'propose',
    summary: 'Propose the roles of a user or a key',
    description:
      'Names all roles that the user or the key will have. Nothing changes until another administrator confirms it.',
    examples: [
      ['certmux grant propose --user ops@example.com --role requester --role approver', 'for a person'],
      ['certmux grant propose --credential 100012 --role administrator', 'for a key'],
    ],
  })
    .option('--user <user>', 'who gets the roles: id, number or user name')
    .option('--credential <credential>', 'which key gets them: id or number')
    .addOption(roleOption());
  remoteAction<RoleOptions & { user?: string; credential?: string }>(
    cli,
    propose,
    async ({ client, options: { user, credential, role }, output }) => {
      if (role === undefined || (user === undefined) === (credential === undefined)) {
        throw new UsageError('name --user or --credential, and --role', 'see: certmux grant propose --help');
      }
      const proposed = await client.roleGrants.propose({
        ...withDefined({ user, credential }),
        roles: [...role],
      });
      output.show(proposed, () => [
        ...lines(proposed),
        '',
        `Another administrator confirms it: certmux grant confirm ${proposed.number}`,
      ]);
    },
  );

  const list = addPageOptions(
    addCommand(grant, {
      usage: 'list',
      summary: 'List role grants',
      description: 'Lists what was proposed, newest first.',
      examples: [
        ['certmux grant list', 'a table'],
        ['certmux grant list --state pending', 'what waits for another administrator'],
      ],
    }),
  )
    .addOption(new Option('--state <state>', 'only in this state').choices(['pending', 'confirmed', 'withdrawn']))
    .option('--user <user>', 'only those for this user: id, number or user name')
    .option('--credential <credential>', 'only those for this credential: id or number');
  remoteAction<GrantListOptions>(cli, list, async ({ client, options, output }) =>
    output.list({
      endpoint: api.roleGrants.list,
      page: options,
      read: (page) =>
        client.roleGrants.list({
          ...page,
          state: options.state,
          ...withDefined({ user: options.user, credential: options.credential }),
        }),
      columns,
      none: 'There are none.',
    }),
  );

  const confirm = addCommand(grant, {
    usage: 'confirm <grant>',
    summary: 'Confirm what somebody else proposed',
    description:
      'Gives the roles. Needs the role administrator, a key of your own user, and another proposer than you.',
    examples: [['certmux grant confirm 100001', 'by number']],
  });
  remoteAction(cli, confirm, async ({ client, args, output }) => {
    const confirmed = await client.roleGrants.confirm({ grant: args[0] ?? '' });
    output.show(confirmed, () => lines(confirmed));
  });

  const withdraw = addCommand(grant, {
    usage: 'withdraw <grant>',
    summary: 'Withdraw a role grant that waits',
    description: 'Ends the proposal. Nothing changes.',
    examples: [['certmux grant withdraw 100001', 'by number']],
  });
  remoteAction(cli, withdraw, async ({ client, args, output }) => {
    const withdrawn = await client.roleGrants.withdraw({ grant: args[0] ?? '' });
    output.show(withdrawn, () => lines(withdrawn));
  });
}
