/** `setup show|confirm`: what a new server needs before customers use it. */
import type { Command } from 'commander';
import type { NativeClient } from '../../dialects/native/client.ts';
import { type ConfirmedStep, confirmedSteps, type SetupStep } from '../../domain/setup.ts';
import { visible } from '../../domain/visible-text.ts';
import { addCommand, addGroup, type Cli, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { momentText } from '../words.ts';

type Checklist = Awaited<ReturnType<NativeClient['setup']['show']>>;

const stepText: Readonly<Record<SetupStep, string>> = {
  address: 'check the address of the server (publicUrl)',
  masterKey: 'copy the master key to a safe place',
  root: 'have clients trust the root certificate: certmux root export',
  mail: 'try the mail server: certmux mail test',
  account: 'make the first account: certmux account create',
  user: 'give somebody else a user: certmux user create',
  key: 'make a key for a program: certmux credential create',
  order: 'place a test order: certmux order place',
};

export function addSetupCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'setup',
    summary: 'The first steps of a new server',
    description: 'What a new server needs before customers use it. For operators.',
  });

  const show = addCommand(group, {
    usage: 'show',
    summary: 'Show which of the first steps are done',
    description:
      'Shows the steps in their order, and what to look at. The server sees most of them by itself; the others you confirm.',
    examples: [['certmux setup show', 'what is left to do']],
  });
  remoteAction(cli, show, async ({ client, output }) => {
    const checklist = await client.setup.show({});
    output.show(checklist, () => linesOf(checklist));
  });

  const confirm = addCommand(group, {
    usage: 'confirm <step>',
    summary: 'Confirm a step that the server cannot see',
    description:
      `Confirms one of ${confirmedSteps.join(', ')}. It holds for the present address, key, roots or mail server: after a change of them ` +
      'the step is open again.',
    examples: [['certmux setup confirm masterKey', 'the copy is made']],
  });
  remoteAction(cli, confirm, async ({ client, args, output }) => {
    const checklist = await client.setup.confirm({ step: stepOf(args[0] ?? '') });
    output.show(checklist, () => linesOf(checklist));
  });
}

/** @throws {UsageError} for one that the server sees by itself, or that there is not */
function stepOf(text: string): ConfirmedStep {
  const step = confirmedSteps.find((one) => one === text);
  if (step !== undefined) return step;
  throw new UsageError(
    `${JSON.stringify(text)} is no step to be confirmed`,
    `use one of ${confirmedSteps.join(', ')}; the server sees the others by itself`,
  );
}

function linesOf({ isDone, steps }: Checklist): readonly string[] {
  const width = Math.max(...steps.map(({ step }) => step.length));
  const next = steps.find((one) => !one.isDone && one.isByHand);
  return [
    ...steps.flatMap(({ step, isDone: done, doneAt, value }) => [
      `[${done ? 'x' : ' '}] ${step.padEnd(width)}  ${stepText[step]}${doneAt === null ? '' : `; confirmed ${momentText(doneAt)}`}`,
      ...(value === null ? [] : [`    ${' '.repeat(width)}  ${visible(value)}`]),
    ]),
    '',
    isDone ? 'Everything is done.' : 'Some steps are open.',
    ...(next === undefined
      ? []
      : [`Once a step is done that the server cannot see: certmux setup confirm ${next.step}`]),
  ];
}
