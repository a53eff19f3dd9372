/** `operator reset`: the way back for whoever has the machine and lost the token or the password. */
import type { Command } from 'commander';
import { addCommand, addGroup, type Cli, localAction } from '../command.ts';
import type { ResetOptions } from '../local.ts';
import { operatorWords } from '../operator-words.ts';
import { factLines } from '../table.ts';
import { styled } from '../terminal.ts';

export function addOperatorCommands(program: Command, cli: Cli): void {
  const operator = addGroup(program, {
    usage: 'operator',
    summary: 'The operator of this server',
    description: 'Works on the machine of the server, for whoever may read its data directory and its master key.',
  });
  const reset = addCommand(operator, {
    usage: 'reset',
    summary: 'Get back in: a new token for this machine, a link for a new password',
    description:
      'Makes a new token in operator.json, revokes the one before, and prints a link by which the operator chooses a new password. Use it when the ' +
      'token or the password is lost, or after a restore. It works while the server runs and while it is stopped, needs the master key, and is in the audit log.',
    examples: [
      ['certmux operator reset', 'with ./data'],
      ['certmux operator reset --data /var/lib/certmux --user jane@example.com', 'for this operator'],
      ['certmux operator reset --config certmux.yaml', 'as the service is configured, also on PostgreSQL'],
    ],
  })
    .option('--user <username>', 'the operator who gets the link; the oldest by default')
    .option('--config <file>', 'configuration file')
    .option('--data <directory>', 'data directory');
  localAction<ResetOptions>(cli, reset, async ({ options, output, terminal }) => {
    const result = await cli.local.resetOperator(options);
    const words = operatorWords[terminal.language];
    output.show(result, () => [
      styled(terminal, 'green', words.done),
      '',
      ...factLines([
        [words.token, result.operatorFile],
        [words.operator, result.username],
        [words.link, result.link],
        [words.until, result.linkExpiresAt],
      ]),
      '',
      words.revoked(result.tokensRevoked),
      words.onlyOnce,
    ]);
  });
}
