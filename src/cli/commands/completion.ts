/** `completion`: what a shell completes. */
import { Argument, type Command } from 'commander';
import { addCommand, type Cli, localAction } from '../command.ts';
import { completionScript, shells } from '../completion.ts';

export function addCompletionCommand(program: Command, cli: Cli): void {
  const completion = addCommand(program, {
    usage: 'completion',
    summary: 'Print what lets a shell complete commands and options',
    description:
      'Prints a script for bash or zsh that completes the commands, their options and the values that an option may have. It is only right for ' +
      'this version: load it at each start of the shell, or write it again after an upgrade.',
    examples: [
      ['certmux completion bash > /etc/bash_completion.d/certmux', 'for everybody on this machine'],
      ['certmux completion bash >> ~/.bash_completion', 'for you'],
      ['certmux completion zsh >> ~/.zshrc', 'for you, in zsh'],
    ],
  }).addArgument(new Argument('<shell>', 'the shell').choices(shells));
  localAction(cli, completion, async ({ args, output }) => {
    const shell = shells.find((one) => one === args[0]) ?? 'bash';
    const script = completionScript(program, shell);
    output.show({ shell, script }, () => script.trimEnd().split('\n'));
  });
}
