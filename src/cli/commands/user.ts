/** `user create|list|change|invite|disable|enable|remove`: the people who sign in, and programs that hold keys. */
import { type Command, Option } from 'commander';
import { roles } from '../../dialects/native/schema/shapes.ts';
import { api, type WireUser } from '../../dialects/native/schema.ts';
import { base32 } from '../../domain/ids.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { type RoleOptions, roleOption } from '../roles.ts';
import { type Column, factLines } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { momentText, optionalActorText } from '../words.ts';
import { addPasswordCommands } from './user-password.ts';

const columns: readonly Column<WireUser>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'USERNAME', value: ({ username }) => username, isFlexible: true },
  { title: 'ROLES', value: ({ roles }) => roles.join(', ') },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'ACCOUNT', value: ({ accountId }) => accountId ?? 'operator' },
  { title: 'MADE BY', value: ({ createdBy }) => optionalActorText(createdBy) ?? '–', isFlexible: true },
  { title: 'CREATED', value: ({ createdAt }) => momentText(createdAt) },
  { title: 'ID', value: ({ id }) => id },
];

interface UserListOptions extends PageOptions {
  readonly text?: string;
  readonly state?: WireUser['state'];
  readonly role?: WireUser['roles'][number];
}

export function addUserCommands(program: Command, cli: Cli): void {
  const user = addGroup(program, {
    usage: 'user',
    summary: 'Users: people who sign in',
    description: 'A user signs in with a password, to the console or through an API that asks for one (Encryption365).',
  });

  const create = addCommand(user, {
    usage: 'create <username>',
    summary: 'Create a user',
    description:
      'Creates a user of an account, or an operator when no account is named. The password is prompted for, or read from standard input ' +
      'with --password-stdin; where there is nobody to ask, one is made and printed this once. With --invite a mail is sent to them, with a ' +
      'link by which they choose it themselves. Without --role the user orders; you must ' +
      'hold every role that you give.',
    examples: [
      ['certmux user create ops@example.com --account 100001', 'asks for the password'],
      ['certmux user create bot --account 100001 --role approver --password-stdin < secret.txt', 'in a script'],
      [
        'certmux user create ops@example.com --account 100001 --invite',
        'they choose their password by a link in a mail',
      ],
      ['certmux user create deployer --account 100001 --service', 'a program: it holds keys and never signs in'],
    ],
  })
    .option('--account <account>', 'id or number; without it the user is an operator')
    .addOption(roleOption())
    .addOption(new Option('--service', 'a program, which never signs in').conflicts('passwordStdin'))
    .addOption(new Option('--invite', 'mail them a link to choose a password').conflicts(['service', 'passwordStdin']))
    .option('--password-stdin', 'read the password from standard input');
  remoteAction<RoleOptions & { account?: string; service?: true; invite?: true; passwordStdin?: true }>(
    cli,
    create,
    async ({ client, args, options, output, terminal }) => {
      const { password, isMade } =
        options.service === true || options.invite === true
          ? { password: null, isMade: false }
          : await choosePassword(terminal, options.passwordStdin === true);
      const created = await client.users.create({
        account: options.account ?? null,
        username: args[0] ?? '',
        password,
        kind: options.service === true ? 'service' : 'person',
        invite: options.invite === true,
        ...(options.role === undefined ? {} : { roles: [...options.role] }),
      });
      output.show({ ...created, ...(isMade ? { password } : {}) }, () => [
        ...factLines([
          ['User', created.username],
          ['Roles', created.roles.join(', ')],
          ['Id', created.id],
          ['Password', isMade ? password : null],
        ]),
        ...(isMade ? ['', 'Note the password now: it is shown only this once.'] : []),
        ...(options.invite === true ? ['', 'A mail with a link to choose a password is on its way.'] : []),
      ]);
    },
  );

  const list = addPageOptions(
    addCommand(user, {
      usage: 'list',
      summary: 'List the users',
      description: 'Lists the users that the caller may manage, newest first.',
      examples: [
        ['certmux user list', 'a table'],
        ['certmux user list --text wang --state active', 'by a part of the name'],
      ],
    }),
  )
    .option('--text <text>', 'only with this in the user name, the name or the address, or with this number')
    .addOption(new Option('--state <state>', 'only in this state').choices(['active', 'disabled', 'removed']))
    .addOption(new Option('--role <role>', 'only with this role').choices(roles.options));
  remoteAction<UserListOptions>(cli, list, async ({ client, options: { text, state, role, ...options }, output }) =>
    output.list({
      endpoint: api.users.list,
      page: options,
      read: (page) => client.users.list({ ...page, text, state, role }),
      columns,
      none: 'There are no users yet. Create one: certmux user create <name>',
    }),
  );

  const change = addCommand(user, {
    usage: 'change <user>',
    summary: 'Change what a user may do, and who they are',
    description:
      'Changes what is named. Roles replace the ones before, and what a user loses, their keys lose. You must hold ' +
      'what they have and what they get. Nobody changes the roles of their own user.',
    examples: [
      ['certmux user change ops@example.com --role viewer', 'only reads from now on'],
      ['certmux user change 100007 --first-name Jill --last-name Valentine --container 100002', 'by number'],
    ],
  })
    .addOption(roleOption())
    .option('--first-name <text>', 'first name')
    .option('--last-name <text>', 'last name')
    .option('--job-title <text>', 'job title')
    .option('--phone <text>', 'telephone')
    .option('--email <address>', 'where to write to them')
    .option('--container <container>', 'the part of the account that they belong to, by id or number');
  remoteAction<ChangeOptions>(cli, change, async ({ client, args, options, output }) => {
    const request = changeOf(options);
    if (Object.keys(request).length === 0) {
      throw new UsageError('nothing is named that should change', 'name it: certmux user change --help');
    }
    const changed = await client.users.change({ user: args[0] ?? '', ...request });
    const { firstName, lastName, email } = changed.person;
    output.show(changed, () =>
      factLines([
        ['User', changed.username],
        ['Number', String(changed.number)],
        ['Person', [firstName, lastName, email].filter((part) => part !== '').join(' ') || null],
        ['Roles', changed.roles.join(', ')],
        ['Container', changed.containerId],
      ]),
    );
  });

  const invite = addCommand(user, {
    usage: 'invite <user>',
    summary: 'Invite a user to choose a password',
    description:
      'Mails a link to a user who has no password yet. It is good once and for seven days, and replaces an earlier one. The mail goes to ' +
      'their e-mail address, or to their user name where that is one. Where no mail can be sent, --print-link prints the link for you to ' +
      'hand over: whoever has it can choose the password. You must hold every role of the user.',
    examples: [
      ['certmux user invite ops@example.com', 'sends the mail, again if need be'],
      ['certmux user invite 100007 --print-link', 'prints the link this once, and sends nothing'],
    ],
  }).option('--print-link', 'print the link, and send no mail');
  remoteAction<{ printLink?: true }>(cli, invite, async ({ client, args, options, output }) => {
    const invited = await client.users.invite({ user: args[0] ?? '', showLink: options.printLink === true });
    const { user: invitee, address, link, expiresAt } = invited;
    output.show(invited, () => [
      ...factLines([
        ['User', invitee.username],
        ['Mail to', address],
        ['Link', link ?? null],
        ['Good until', momentText(expiresAt)],
      ]),
      ...(link === undefined ? [] : ['', 'Hand the link to the user now: it is shown only this once.']),
    ]);
  });

  addPasswordCommands(user, cli);

  const disable = addCommand(user, {
    usage: 'disable <user>',
    summary: 'Disable a user and revoke all of their keys',
    description:
      'The user can sign in no more, and every key that a sign-in of theirs made is revoked at once. Keys that were made with ' +
      'credential create belong to the account and stay. Orders and certificates stay as they are.',
    examples: [
      ['certmux user disable ops@example.com', 'by user name'],
      ['certmux user disable usr_01…', 'by id'],
    ],
  });
  remoteAction(cli, disable, async ({ client, args, output }) => {
    const disabled = await client.users.disable({ user: args[0] ?? '' });
    output.show(disabled, () => [`Disabled ${disabled.username} and revoked their keys.`]);
  });

  const enable = addCommand(user, {
    usage: 'enable <user>',
    summary: 'Let a disabled user sign in again',
    description: 'The user may sign in again with the same password. Keys that were revoked stay revoked.',
    examples: [['certmux user enable ops@example.com', 'by user name; ids work as well']],
  });
  remoteAction(cli, enable, async ({ client, args, output }) => {
    const enabled = await client.users.enable({ user: args[0] ?? '' });
    output.show(enabled, () => [`${enabled.username} may sign in again.`]);
  });

  const remove = addCommand(user, {
    usage: 'remove <user>',
    summary: 'Remove a user for good and revoke all of their keys',
    description:
      'The user cannot be enabled again, and the user name is free for somebody else. What they did stays theirs in the audit log. ' +
      'To keep somebody out for a while, disable them.',
    examples: [
      ['certmux user remove ops@example.com', 'by user name'],
      ['certmux user remove 100007', 'by number'],
    ],
  });
  remoteAction(cli, remove, async ({ client, args, output }) => {
    const removed = await client.users.remove({ user: args[0] ?? '' });
    output.show(removed, () => [`Removed ${removed.username} and revoked their keys.`]);
  });
}

interface ChangeOptions extends RoleOptions {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly jobTitle?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly container?: string;
}

function changeOf({ role, firstName, lastName, jobTitle, phone, email, container }: ChangeOptions) {
  const person = {
    ...withDefined({ firstName, lastName, jobTitle, phone, email }),
  };
  return {
    ...(role === undefined ? {} : { roles: [...role] }),
    ...(Object.keys(person).length === 0 ? {} : { person }),
    ...withDefined({ container }),
  };
}

async function choosePassword(
  terminal: Terminal,
  fromStdin: boolean,
): Promise<{ readonly password: string; readonly isMade: boolean }> {
  if (fromStdin) {
    const password = (await terminal.readStdin()).replace(/\r?\n$/, '');
    if (password === '') throw new UsageError('standard input holds no password', 'write it there: … < secret.txt');
    return { password, isMade: false };
  }
  const answer = await terminal.askSecret('Password (empty: one is made for you): ');
  if (answer !== undefined && answer !== '') return { password: answer, isMade: false };
  // 100 random bits.
  return { password: base32(terminal.random.bytes(13)).slice(0, 20), isMade: true };
}
