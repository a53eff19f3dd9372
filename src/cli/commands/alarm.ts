/** `alarm list`: what does not succeed that should, and what to do about it. */
import { type Command, Option } from 'commander';
import { api, type WireAlarm } from '../../dialects/native/schema.ts';
import { alarmKeys } from '../../domain/alarm.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';
import { momentText } from '../words.ts';

const columns: readonly Column<WireAlarm>[] = [
  { title: 'ALARM', value: ({ alarm }) => alarm },
  { title: 'SINCE', value: ({ since }) => momentText(since) },
  { title: 'NODE', value: ({ node }) => node ?? 'all' },
  { title: 'MESSAGE', value: ({ message }) => message, isFlexible: true },
  { title: 'WHAT TO DO', value: ({ advice }) => advice, isFlexible: true },
  { title: 'MORE', value: ({ runbook }) => runbook },
];

interface AlarmListOptions {
  readonly alarm?: WireAlarm['alarm'];
  readonly node?: string;
}

export function addAlarmCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'alarm',
    summary: 'Alarms: what does not succeed that should',
    description:
      'The server looks once a minute whether what should succeed does. An alarm ends by itself. For operators.',
  });

  const list = addCommand(group, {
    usage: 'list',
    summary: 'List the alarms that last',
    description: 'Lists the alarms of all nodes that are not over, the oldest first, with what to do about each.',
    examples: [
      ['certmux alarm list', 'a table'],
      ['certmux alarm list --json', 'with whole sentences, for a program'],
    ],
  })
    .addOption(new Option('--alarm <alarm>', 'only this one').choices(alarmKeys))
    .option('--node <node>', 'only those of this node');
  addCsvOption(list);
  remoteAction<AlarmListOptions>(cli, list, async ({ client, options: { alarm, node }, output }) =>
    output.list({
      endpoint: api.alarms.list,
      read: () => client.alarms.list({ alarm, node }),
      columns,
      none: 'There is no alarm.',
    }),
  );
}
