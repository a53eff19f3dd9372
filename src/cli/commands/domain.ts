/** `domain list|add|show|check|choose-method|renew|activate|deactivate|remove`: domains that are proved before any order. */
import { type Command, Option } from 'commander';
import { api, type WireDomain } from '../../dialects/native/schema.ts';
import { visible } from '../../domain/visible-text.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { type PlacedMethod, placedMethodOption } from '../certification.ts';
import {
  addCommand,
  addGroup,
  addPageOptions,
  type Cli,
  type CommandHelp,
  type PageOptions,
  type RemoteCall,
  remoteAction,
} from '../command.ts';
import { proofsLines } from '../order-page.ts';
import { type Column, factLines } from '../table.ts';
import { styled, type Terminal } from '../terminal.ts';
import { dayText } from '../words.ts';

const columns: readonly Column<WireDomain>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'PROVED UNTIL', value: ({ provedUntil }) => dayText(provedUntil) },
  { title: 'SUMMARY', value: ({ summary }) => summary, isFlexible: true },
];

function lines(domain: WireDomain, terminal: Pick<Terminal, 'colours'>): string[] {
  const { validation, number } = domain;
  const isWaiting = validation.state === 'pending';
  return [
    `Domain ${visible(domain.name)}  ${styled(terminal, domain.provedUntil === null ? 'yellow' : 'green', domain.state)}`,
    visible(domain.summary),
    '',
    ...factLines([
      ['Number', String(number)],
      ['Account', domain.accountId],
      ['Proved until', dayText(domain.provedUntil)],
      ['Organization', domain.organizationId],
      ['Container', domain.containerId],
      ['Authorization', validation.authorizationId],
      ['Id', domain.id],
    ]),
    ...(isWaiting
      ? ['', styled(terminal, 'bold', 'Place any one of these'), '', ...proofsLines(validation.proofs)]
      : []),
    ...(isWaiting ? [`Next: certmux domain check ${number}`] : []),
    ...(validation.state === 'pending' || validation.state === 'valid'
      ? []
      : ['', `Next: certmux domain renew ${number}`]),
  ];
}

/** A command that names a domain and shows it as it is afterwards. */
function addDomainAction<Options extends object>(
  group: Command,
  cli: Cli,
  help: CommandHelp,
  act: (call: RemoteCall<Options>, reference: { readonly domain: string }) => Promise<WireDomain>,
): Command {
  const command = addCommand(group, help);
  remoteAction<Options>(cli, command, async (call) => {
    const domain = await act(call, { domain: call.args[0] ?? '' });
    call.output.show(domain, () => lines(domain, call.terminal));
  });
  return command;
}

export function addDomainCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'domain',
    summary: 'Domains that are proved before any order',
    description:
      'A domain that the account keeps is proved once; while that is valid, orders for it and for names below it need no proof.',
  });
  addList(group, cli);
  addAdd(group, cli);
  addDomainAction(
    group,
    cli,
    {
      usage: 'show <domain>',
      summary: 'Show a domain, and what is left to prove it',
      description: 'Shows until when it is proved, what must be placed where, and what the last check found.',
      examples: [['certmux domain show 100003', 'by the number in the list']],
    },
    ({ client }, reference) => client.domains.show(reference),
  );
  addDomainAction(
    group,
    cli,
    {
      usage: 'check <domain>',
      summary: 'Look for the proof of a domain now',
      description: 'Nobody looks for it before you ask. The answer says what was found; orders that wait for it go on.',
      examples: [['certmux domain check 100003', 'when the record is placed']],
    },
    ({ client }, reference) => client.domains.check(reference),
  );
  addChooseMethod(group, cli);
  addDomainAction<{ method?: PlacedMethod }>(
    group,
    cli,
    {
      usage: 'renew <domain>',
      summary: 'Get new proofs for a domain',
      description:
        'Makes new proofs to place, for instance before the old ones end. A proof that is valid serves meanwhile.',
      examples: [['certmux domain renew 100003', 'then place one of them']],
    },
    ({ client, options }, reference) =>
      client.domains.renew({ ...reference, ...withDefined({ method: options.method }) }),
  ).addOption(placedMethodOption());
  addDomainAction(
    group,
    cli,
    {
      usage: 'activate <domain>',
      summary: 'Use a domain again',
      description: 'Puts a domain back into use.',
      examples: [['certmux domain activate 100003', 'by the number in the list']],
    },
    ({ client }, reference) => client.domains.activate(reference),
  );
  addDomainAction(
    group,
    cli,
    {
      usage: 'deactivate <domain>',
      summary: 'Put a domain out of use',
      description: 'Puts a domain out of use. Its proof stays; to end that too, remove the domain.',
      examples: [['certmux domain deactivate 100003', 'by the number in the list']],
    },
    ({ client }, reference) => client.domains.deactivate(reference),
  );
  const remove = addCommand(group, {
    usage: 'remove <domain>',
    summary: 'Remove a domain, and end its proofs',
    description: 'What was proved for the domain serves no order from now on. Certificates stay as they are.',
    examples: [['certmux domain remove 100003', 'you gave it up']],
  });
  remoteAction(cli, remove, async ({ client, args, output }) => {
    const domain = args[0] ?? '';
    const removed = await client.domains.remove({ domain });
    output.show(removed, () => [`Removed domain ${visible(domain)}.`]);
  });
}

function addList(group: Command, cli: Cli): void {
  const list = addPageOptions(
    addCommand(group, {
      usage: 'list',
      summary: 'List domains',
      description: 'Lists the domains of the account, newest first, with what is left to do; an operator lists all.',
      examples: [['certmux domain list --name example', 'those with this in their name']],
    }),
  )
    .option('--name <text>', 'part of the name')
    .addOption(new Option('--state <state>', 'only in this state').choices(['active', 'inactive']));
  remoteAction<PageOptions & { name?: string; state?: WireDomain['state'] }>(
    cli,
    list,
    async ({ client, options, output }) => {
      const { name, state } = options;
      await output.list({
        endpoint: api.domains.list,
        page: options,
        read: (page) => client.domains.list({ ...page, name, state }),
        columns,
        none: 'There are none. Add one: certmux domain add <name>',
      });
    },
  );
}

function addAdd(group: Command, cli: Cli): void {
  const add = addCommand(group, {
    usage: 'add <name>',
    summary: 'Add a domain, and show what proves it',
    description: 'Adds a domain. Place one of the proofs that are shown, then: certmux domain check.',
    examples: [
      ['certmux domain add example.com', 'names below it are proved with it'],
      ['certmux domain add example.com --account 100001', 'an operator, for an account'],
    ],
  })
    .addOption(placedMethodOption())
    .option('--organization <organization>', 'id or number: whose it is')
    .option('--container <container>', 'id or number')
    .option('--account <account>', "id or number; default: the caller's own");
  remoteAction<{ method?: PlacedMethod; organization?: string; container?: string; account?: string }>(
    cli,
    add,
    async ({ client, args, options: { account, method, organization, container }, output, terminal }) => {
      const domain = await client.domains.add({
        account: account ?? null,
        name: args[0] ?? '',
        ...withDefined({ method, organization, container }),
      });
      output.show(domain, () => lines(domain, terminal));
    },
  );
}

function addChooseMethod(group: Command, cli: Cli): void {
  addDomainAction<{ address?: string }>(
    group,
    cli,
    {
      usage: 'choose-method <domain> <method>',
      summary: 'Say how a domain will be proved; e-mail sends a mail',
      description:
        'Any offered proof is accepted whatever is chosen. With the method email, a mail with a link goes to the address you name, which must ' +
        'be one of those that domain show lists.',
      examples: [['certmux domain choose-method 100003 email --address admin@example.com', 'sends the mail']],
    },
    ({ client, args, options }, reference) =>
      client.domains.chooseMethod({
        ...reference,
        // The server says which there are.
        method: (args[1] ?? '') as PlacedMethod | 'email',
        ...withDefined({ address: options.address }),
      }),
  ).option('--address <address>', 'with email: where the mail goes');
}
