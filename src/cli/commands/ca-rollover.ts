/** `ca plan|roll|revoke`: how the server's own authorities follow one another. */
import { type Command, Option } from 'commander';
import { api, type WireAuthorityOutlook } from '../../dialects/native/schema.ts';
import { type AuthorityRevocationReason, authorityRevocationReasons } from '../../domain/ports/issuer.ts';
import { addCommand, addCsvOption, type Cli, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import type { Column } from '../table.ts';
import { dayText } from '../words.ts';

const tasks: Readonly<Record<NonNullable<WireAuthorityOutlook['task']>['what'], string>> = {
  trustRoot: 'have every client trust it',
  makeSuccessor: 'make a successor by hand',
};

const columns: readonly Column<WireAuthorityOutlook>[] = [
  { title: 'ROLE', value: ({ role }) => role },
  {
    title: 'SUBJECT',
    value: ({ subject, keyKind }) => subject ?? `the next ${keyKind === 'rsa' ? 'RSA' : keyKind}`,
    isFlexible: true,
  },
  { title: 'STAGE', value: ({ stage }) => stage },
  { title: 'MADE', value: ({ madeAt }) => dayText(madeAt) },
  { title: 'SIGNS FROM', value: ({ signsFrom }) => dayText(signsFrom) },
  { title: 'RETIRES', value: ({ retiresAt }) => dayText(retiresAt) },
  { title: 'LAST CERT ENDS', value: ({ lastEndsAt }) => dayText(lastEndsAt) },
  { title: 'LAST LIST', value: ({ lastListAt }) => dayText(lastListAt) },
  { title: 'ENDS', value: ({ endsAt }) => dayText(endsAt) },
  { title: 'TO DO', value: ({ task }) => (task === null ? '–' : `${tasks[task.what]} by ${dayText(task.until)}`) },
  { title: 'ID', value: ({ id }) => id ?? '–' },
];

export function addCaRolloverCommands(ca: Command, cli: Cli): void {
  const plan = addCommand(ca, {
    usage: 'plan',
    summary: 'Show what becomes of the authorities, and when',
    description:
      'Lists when each authority is made, begins to sign, retires, publishes its last list and ends, and the successors that are to ' +
      'come. All of that happens by itself. What does not is in the column TO DO, with the day until which it is to be done.',
    examples: [
      ['certmux ca plan', 'a table'],
      ['certmux ca plan --csv', 'for a calendar'],
    ],
  }).option('--due', 'only what is to be done within 180 days');
  addCsvOption(plan);
  remoteAction<{ due?: true }>(cli, plan, async ({ client, options, output }) =>
    output.list({
      endpoint: api.authorities.plan,
      read: () => client.authorities.plan({ due: options.due && 'true' }),
      columns,
      none: 'This server has no authorities of its own.',
    }),
  );

  const roll = addCommand(ca, {
    usage: 'roll <authority>',
    summary: 'Make a successor of an authority now',
    description:
      'Makes another root, or another intermediate under the root, with a key of its own. It is published at once and signs after ' +
      'some days; then the former one signs no more, and publishes its lists until its last certificate has ended. Successors are made ' +
      'in time by themselves: use it for an authority that you no longer want, or for one that is revoked and that nothing has followed. For operators.',
    examples: [
      ['certmux ca roll ca_01…', 'the id is in ca show'],
      ['certmux ca roll ca_01… --publish-days 0', 'its successor signs from now on'],
    ],
  }).option('--publish-days <days>', 'days until it signs; by default those of the configuration');
  remoteAction<{ publishDays?: string }>(cli, roll, async ({ client, args, options, output }) => {
    const publishDays = options.publishDays === undefined ? undefined : daysFrom(options.publishDays);
    const made = await client.authorities.roll({
      authority: args[0] ?? '',
      ...(publishDays === undefined ? {} : { publishDays }),
    });
    output.show(made, () => [
      `Made ${made.subject} (${made.id}).`,
      'When it signs, and what becomes of the former one: certmux ca plan',
    ]);
  });

  const revoke = addCommand(ca, {
    usage: 'revoke <authority>',
    summary: 'Revoke an intermediate',
    description:
      'Puts the intermediate on the list of its root: clients that read the list refuse every certificate under it, and it signs no ' +
      'more. That cannot be undone. Make its successor first (ca roll --publish-days 0), and reissue what hangs on it. For operators.',
    examples: [['certmux ca revoke ca_01… --reason keyCompromise --subject "O=Example, CN=Example TLS CA E1"', '']],
  })
    .addOption(new Option('--reason <reason>', 'why').choices([...authorityRevocationReasons]).makeOptionMandatory())
    .requiredOption('--subject <subject>', 'its subject as ca show has it, to confirm that it is the right one');
  remoteAction<{ reason: AuthorityRevocationReason; subject: string }>(
    cli,
    revoke,
    async ({ client, args, options, output }) => {
      const { items } = await client.authorities.list({});
      const found = items.find(({ id }) => id === args[0]);
      if (found === undefined) throw new UsageError('there is no such authority', 'see: certmux ca show');
      if (found.subject !== options.subject)
        throw new UsageError(`the subject of ${found.id} is another one`, 'see: certmux ca show');
      const revoked = await client.authorities.revoke({ authority: found.id, reason: options.reason });
      output.show(revoked, () => [
        `Revoked ${revoked.subject}: the list of its root names it.`,
        ...(revoked.certificates === null
          ? []
          : [
              `It has issued ${revoked.certificates.issued} certificates, of which ${revoked.certificates.revoked} were revoked before: those that have not ended are to be reissued.`,
            ]),
      ]);
    },
  );
}

function daysFrom(text: string): number {
  const days = Number(text);
  if (!/^\d{1,4}$/.test(text) || days > 3650)
    throw new UsageError('--publish-days must be a number from 0 to 3650', 'see: certmux ca roll --help');
  return days;
}
