/** `mail …`: mailboxes that want no mail from this server. */
import { type Command, Option } from 'commander';
import { api, type WireMailbox } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';
import { momentText, optionalActorText } from '../words.ts';

const columns: readonly Column<WireMailbox>[] = [
  { title: 'MAILBOX', value: ({ address }) => address, isFlexible: true },
  { title: 'SINCE', value: ({ stoppedAt }) => (stoppedAt === null ? '–' : momentText(stoppedAt)) },
  { title: 'BY', value: ({ stoppedBy }) => optionalActorText(stoppedBy) ?? '–', isFlexible: true },
  { title: 'FROM', value: ({ stoppedFrom }) => stoppedFrom ?? '–' },
];

interface MailListOptions extends PageOptions {
  readonly text?: string;
  readonly by?: 'reader' | 'operator';
}

export function addMailCommands(program: Command, cli: Cli): void {
  const mail = addGroup(program, {
    usage: 'mail',
    summary: 'Mailboxes that want no mail',
    description: 'Whoever reads a mailbox can stop all mail to it by the link in each mail. For operators.',
  });

  const list = addPageOptions(
    addCommand(mail, {
      usage: 'list',
      summary: 'List mailboxes that get no mail',
      description: 'Lists the mailboxes whose readers stopped the mail, or that an operator stopped, the latest first.',
      examples: [['certmux mail list', 'a table']],
    }),
  )
    .option('--text <text>', 'only with this in the address')
    .addOption(new Option('--by <who>', 'only those that this one has stopped').choices(['reader', 'operator']));
  remoteAction<MailListOptions>(cli, list, async ({ client, options: { text, by, ...options }, output }) =>
    output.list({
      endpoint: api.mail.stopped,
      page: options,
      read: (page) => client.mail.stopped({ ...page, text, by }),
      columns,
      none: 'Every mailbox gets mail.',
    }),
  );

  const stop = addCommand(mail, {
    usage: 'stop <address>',
    summary: 'Send a mailbox no more mail',
    description:
      'Nothing is sent there from now on: no confirmations, no reminders, no certificates, whichever account asks.',
    examples: [['certmux mail stop admin@example.com', 'somebody complained by telephone']],
  });
  remoteAction(cli, stop, async ({ client, args, output }) => {
    const stopped = await client.mail.stop({ address: args[0] ?? '' });
    output.show(stopped, () => [`No more mail goes to ${stopped.address}.`]);
  });

  const test = addCommand(mail, {
    usage: 'test <address>',
    summary: 'Send one mail now, to try the mail server',
    description: 'Says what the mail server answered. Whether the mail arrives, the reader of the mailbox knows.',
    examples: [['certmux mail test ops@example.com', 'after the mail server was set up']],
  });
  remoteAction(cli, test, async ({ client, args, output }) => {
    const tested = await client.mail.test({ address: args[0] ?? '' });
    output.show(tested, () => [`${tested.server} ${tested.isTaken ? 'took' : 'refused'} the mail: ${tested.answer}`]);
  });

  const allow = addCommand(mail, {
    usage: 'allow <address>',
    summary: 'Send a mailbox mail again',
    description: 'Lifts the stop. Ask its reader first: they, or an operator, wanted no mail.',
    examples: [['certmux mail allow admin@example.com', 'its reader wants mail again']],
  });
  remoteAction(cli, allow, async ({ client, args, output }) => {
    const lifted = await client.mail.lift({ address: args[0] ?? '' });
    output.show(lifted, () => [`Mail goes to ${lifted.address} again.`]);
  });
}
