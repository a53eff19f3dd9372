/** `user password`, `user reset-password`: a password that is set, changed, or reset by a link. */
import { type Command, Option } from 'commander';
import { addCommand, type Cli, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { factLines } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { momentText } from '../words.ts';

export function addPasswordCommands(user: Command, cli: Cli): void {
  const set = addCommand(user, {
    usage: 'password [user]',
    summary: 'Set the password of a user, or change your own',
    description:
      'Sets the password of a user of whom you may do everything that they may; without a user it changes that of the person who holds the ' +
      'token, who types the present one. All of their sessions end; their keys stay. It is prompted for, or read from standard input.',
    examples: [
      ['certmux user password ops@example.com', 'asks for the new password'],
      ['certmux user password ops@example.com --password-stdin < secret.txt', 'in a script'],
      ['certmux user password', 'your own: asks for the present one and the new one'],
    ],
  }).option('--password-stdin', 'read it from standard input; of your own, the present one on the line before');
  remoteAction<{ passwordStdin?: true }>(cli, set, async ({ client, args, options, output, terminal }) => {
    const [reference] = args;
    const typed = options.passwordStdin === true ? await linesOfStdin(terminal) : undefined;
    if (reference === undefined) {
      const [present, password] = typed ?? [
        await asked(terminal, 'Present password: '),
        await asked(terminal, 'New password: '),
      ];
      if (present === undefined || password === undefined) {
        throw new UsageError(
          'two lines are needed: the present password, then the new one',
          'write both: … < secret.txt',
        );
      }
      await client.passwords.change({ present, password });
      output.show({ changed: true }, () => ['Your password is changed, and your sessions have ended.']);
      return;
    }
    const password = typed?.[0] ?? (await asked(terminal, `New password of ${reference}: `));
    const changed = await client.passwords.set({ user: reference, password });
    output.show(changed, () => [`The password of ${changed.username} is set, and their sessions have ended.`]);
  });

  const reset = addCommand(user, {
    usage: 'reset-password <user>',
    summary: 'Let a user choose another password by a link, good once',
    description:
      'Mails the user a link by which they choose another password, or with --link prints it for you to hand over. It is good once and for ' +
      'two hours. Until it is used the present password works; then all of their sessions end.',
    examples: [
      ['certmux user reset-password ops@example.com', 'by mail'],
      ['certmux user reset-password 100007 --link', 'prints the link, where there is no mail server'],
    ],
  }).addOption(new Option('--link', 'print the link instead of mailing it'));
  remoteAction<{ link?: true }>(cli, reset, async ({ client, args, options, output }) => {
    const made = await client.passwords.reset({ user: args[0] ?? '', showLink: options.link === true });
    output.show(made, () => [
      ...factLines([
        ['User', made.user.username],
        ['Mail to', made.address],
        ['Link', made.link ?? null],
        ['Good until', momentText(made.expiresAt)],
      ]),
      '',
      made.link === undefined
        ? 'A mail with a link to choose a password is on its way.'
        : 'The link is shown only this once. Whoever has it can choose the password.',
    ]);
  });
}

async function linesOfStdin(terminal: Terminal): Promise<readonly string[]> {
  const lines = (await terminal.readStdin()).split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0) throw new UsageError('standard input holds no password', 'write it there: … < secret.txt');
  return lines;
}

async function asked(terminal: Terminal, question: string): Promise<string> {
  const answer = await terminal.askSecret(question);
  if (answer === undefined || answer === '') {
    throw new UsageError('there is nobody to type a password', 'use --password-stdin: … < secret.txt');
  }
  return answer;
}
