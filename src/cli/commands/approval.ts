/** `approval list|show|approve|reject`: what waits for somebody's decision. */
import { type Command, Option } from 'commander';
import { api, type WireApprovalDetails, type WireApprovalRequest } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import { addDecisionOptions, type Decision, versionFlag } from '../decision.ts';
import { type Column, factLines } from '../table.ts';
import { dayText, momentText, namesText, optionalActorText } from '../words.ts';

const columns: readonly Column<WireApprovalRequest>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'ORDER', value: ({ orderNumber }) => String(orderNumber), align: 'right' },
  { title: 'ASKS FOR', value: ({ asks }) => asks },
  { title: 'NAMES', value: namesText, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'VERSION', value: ({ version }) => String(version), align: 'right' },
  { title: 'COMMENTS', value: ({ comments }) => comments, isFlexible: true },
  { title: 'ASKED BY', value: ({ requestedBy }) => optionalActorText(requestedBy) ?? 'certmux', isFlexible: true },
  { title: 'ASKED', value: ({ createdAt }) => dayText(createdAt) },
];

function lines(request: WireApprovalDetails): string[] {
  const { revocation, acme, csrKey } = request;
  return [
    ...factLines([
      ['Request', String(request.number)],
      ['Asks for', request.asks],
      ['State', request.state],
      ['Version', request.version === 1 ? '1' : `${request.version}: changed since it was filed`],
      ['Order', String(request.orderNumber)],
      ['Names', request.names.join(', ')],
      ...(revocation === null ? [] : [['Revokes', revocation.certificateId ?? 'every certificate'] as const]),
      ...(revocation === null ? [] : [['Reason', revocation.reason] as const]),
      ['Key', csrKey === null ? null : keyText(csrKey)],
      ['Asked by', optionalActorText(request.requestedBy) ?? 'certmux'],
      ['From', request.requestedFrom],
      ['ACME account', acme === null ? null : `${acme.contact} (${acme.directory}/account/${acme.account})`],
      ['ACME key', acme?.key == null ? null : `${acme.key.name} (${acme.key.keyId}, number ${acme.key.number})`],
      ['Comments', request.comments === '' ? null : request.comments],
      ['Asked', momentText(request.createdAt)],
    ]),
    ...request.decisions.map(
      ({ approve, by, note, at }) =>
        `${approve ? 'approved' : 'rejected'} ${momentText(at)} by ${optionalActorText(by) ?? 'certmux'}${note === '' ? '' : `: ${note}`}`,
    ),
    ...(acme !== null && isWaiting(request) ? nextLines(request) : []),
  ];
}

function keyText({ algorithm, sha256 }: NonNullable<WireApprovalDetails['csrKey']>): string {
  return `${algorithm}, SHA-256 ${sha256}`;
}

function isWaiting({ state }: WireApprovalDetails): boolean {
  return state === 'submitted' || state === 'pending';
}

function nextLines({ number, version }: WireApprovalDetails): string[] {
  return [
    '',
    'Approved are the names and the product: an ACME client may come back with another key.',
    `Next: certmux approval approve ${number}${versionFlag(version)}   (or reject, with --note)`,
  ];
}

interface ApprovalListOptions extends PageOptions {
  readonly waiting?: true;
  readonly asks?: WireApprovalRequest['asks'];
  readonly decidable?: true;
  readonly mine?: true;
  readonly order?: string;
}

export function addApprovalCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'approval',
    summary: 'Requests that wait for an approver',
    description:
      'Orders, reissues, duplicates and revocations of accounts that want them approved, in one step or two.',
  });

  const list = addPageOptions(
    addCommand(group, {
      usage: 'list',
      summary: 'List requests for approval',
      description: 'Lists requests, newest first.',
      examples: [['certmux approval list --waiting', 'what nobody has decided yet']],
    }),
  )
    .option('--waiting', 'only those nobody has decided')
    .addOption(new Option('--asks <what>', 'only those for this').choices(['new', 'reissue', 'duplicate', 'revoke']))
    .option('--decidable', 'only those that you may approve now')
    .option('--mine', 'only those that you, or a key of yours, requested')
    .option('--order <order>', 'only those of this order');
  remoteAction<ApprovalListOptions>(
    cli,
    list,
    async ({ client, options, output }) => {
      const { waiting, asks, decidable, mine, order } = options;
      const isTrue = (option: true | undefined) => option && ('true' as const);
      const filter = { waiting: isTrue(waiting), asks, decidable: isTrue(decidable), mine: isTrue(mine), order };
      await output.list({
        endpoint: api.approvals.list,
        page: options,
        read: (page) => client.approvals.list({ ...page, ...filter }),
        columns,
        none: 'There are none.',
      });
    },
  );

  const show = addCommand(group, {
    usage: 'show <request>',
    summary: 'Show a request and what was decided',
    description: 'Shows what is requested, by whom, and each decision.',
    examples: [['certmux approval show 10000017', 'by number']],
  });
  remoteAction(cli, show, async ({ client, args, output }) => {
    const request = await client.approvals.show({ approval: args[0] ?? '' });
    output.show(request, () => lines(request));
  });

  const withdraw = addCommand(group, {
    usage: 'withdraw <request>',
    summary: 'Take back a request before it is done',
    description: 'A new order is cancelled and refunded, a reissue or a duplicate given up, a revocation not made.',
    examples: [['certmux approval withdraw 10000017', 'by number']],
  });
  remoteAction(cli, withdraw, async ({ client, args, output }) => {
    const request = await client.approvals.withdraw({ approval: args[0] ?? '' });
    output.show(request, () => lines(request));
  });

  for (const verb of ['approve', 'reject'] as const) {
    const command = addCommand(group, {
      usage: `${verb} <request>`,
      summary: verb === 'approve' ? 'Approve a request, or take the first of two steps' : 'Reject a request',
      description:
        verb === 'approve'
          ? 'Lets the request go on; a revocation is done at once. Two steps need two people. Needs the role approver.'
          : 'Ends a new order or a reissue and refunds it; of a revocation nothing changes. Needs the role approver.',
      examples: [[`certmux approval ${verb} 10000017 --note "ticket 4711"`, 'with a note for the audit log']],
    });
    addDecisionOptions(command, 'kept with the decision');
    remoteAction<Decision>(cli, command, async ({ client, args, options, output }) => {
      const { note, atVersion: version } = options;
      const request = await client.approvals[verb]({ approval: args[0] ?? '', note, version });
      output.show(request, () => lines(request));
    });
  }
}
