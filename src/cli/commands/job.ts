/** `job list|retry|discard`: work in the background, and what to do where it fails. */
import { type Command, Option } from 'commander';
import { api, type WireJob } from '../../dialects/native/schema.ts';
import { jobKinds } from '../../domain/job.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import type { Column } from '../table.ts';
import { momentText } from '../words.ts';

const columns: readonly Column<WireJob>[] = [
  { title: 'WORK', value: ({ kind }) => kind },
  { title: 'ON', value: ({ subject }) => subject, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'TRIES', value: ({ attempts }) => String(attempts), align: 'right' },
  // Of one that was given up it is the time of its last try.
  { title: 'NEXT', value: ({ state, runAt }) => (state === 'waiting' ? momentText(runAt) : '–') },
  { title: 'LAST ERROR', value: ({ lastError }) => lastError ?? '', isFlexible: true },
  { title: 'ID', value: ({ id }) => id },
];

interface ListOptions extends PageOptions {
  readonly state?: WireJob['state'];
  readonly kind?: string;
  readonly subject?: string;
}

const kindOption = (meaning: string) => new Option('--kind <kind>', meaning).choices([...jobKinds]);

export function addJobCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'job',
    summary: 'Work in the background, and what to do where it fails',
    description:
      'Checks, mails, deliveries, signatures, revocation lists and upkeep are jobs. A job that fails is tried again by itself; one that ' +
      'fails too often is given up. For operators.',
  });

  const list = addPageOptions(
    addCommand(group, {
      usage: 'list',
      summary: 'List jobs, with the last error and the next try',
      description:
        'Lists jobs by kind and subject. With --state failed those that were given up: an empty list is healthy.',
      examples: [
        ['certmux job list --state failed', 'what was given up'],
        ['certmux job list --kind deliver', 'deliveries that wait, run, or were given up'],
        ['certmux job list --subject iss_01…', 'what works on one issuance'],
      ],
    }),
  )
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'running', 'failed']))
    .addOption(kindOption('only jobs of this kind'))
    .option('--subject <id>', 'only jobs on this');
  remoteAction<ListOptions>(cli, list, async ({ client, options, output }) => {
    const { state, kind, subject } = options;
    await output.list({
      endpoint: api.jobs.list,
      page: options,
      read: (page) => client.jobs.list({ ...page, state, kind, subject }),
      columns,
      none: 'There is no such job.',
    });
  });

  const retry = addCommand(group, {
    usage: 'retry [job]',
    summary: 'Run a job again now',
    description:
      'Runs a job now whose last run failed, and counts its tries from the beginning. A delivery that was given up is sent again as a new ' +
      'one. What worked for an order that failed with it cannot run again: the order was refunded.',
    examples: [
      ['certmux job retry job_01…', 'one'],
      ['certmux job retry --kind deliver', 'all deliveries that were given up'],
    ],
  }).addOption(kindOption('all of this kind that were given up'));
  remoteAction<{ kind?: string }>(cli, retry, async ({ client, args, options, output }) => {
    if (options.kind !== undefined) {
      requireOne(args[0]);
      const changed = await client.jobs.retryAll({ kind: options.kind });
      output.show(changed, () => [`${changed.done} run again.`, ...restLines(changed)]);
      return;
    }
    const job = await client.jobs.retry({ job: required(args[0]) });
    output.show(job, () => [`${job.kind} on ${job.subject} runs again.`]);
  });

  const discard = addCommand(group, {
    usage: 'discard [job]',
    summary: 'Give a job up and remove it',
    description:
      'Removes a job whose last run failed. Where it was not given up yet, whoever waits for it learns of it now: an order fails and is ' +
      'refunded, a mail or a delivery counts as failed. Jobs that are tried until they succeed, such as revocation lists and reissues, cannot ' +
      'be discarded.',
    examples: [
      ['certmux job discard job_01…', 'one'],
      ['certmux job discard --kind sendMail', 'all mails that were given up'],
    ],
  }).addOption(kindOption('all of this kind that were given up'));
  remoteAction<{ kind?: string }>(cli, discard, async ({ client, args, options, output }) => {
    if (options.kind !== undefined) {
      requireOne(args[0]);
      const changed = await client.jobs.discardAll({ kind: options.kind });
      output.show(changed, () => [`${changed.done} discarded.`, ...restLines(changed)]);
      return;
    }
    const job = await client.jobs.discard({ job: required(args[0]) });
    output.show(job, () => [`${job.kind} on ${job.subject} is discarded.`]);
  });
}

function required(job: string | undefined): string {
  if (job !== undefined) return job;
  throw new UsageError('name a job, or a kind with --kind', 'see: certmux job list --state failed');
}

/** @throws {UsageError} where both a job and a kind are named */
function requireOne(job: string | undefined): void {
  if (job === undefined) return;
  throw new UsageError('name either a job or a kind', 'see: certmux job list --state failed');
}

function restLines({ refused, isMore }: { readonly refused: number; readonly isMore: boolean }): readonly string[] {
  return [
    ...(refused === 0 ? [] : [`${refused} could not; name one to read why.`]),
    ...(isMore ? ['There are more: run it again.'] : []),
  ];
}
