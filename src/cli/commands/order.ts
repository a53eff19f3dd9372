/** `order place|list|show|approve|reject|check|choose-method|remove-name|cancel|reissue|revoke`, with those of `order-changes.ts`, `order-page.ts`, `order-key.ts` and `note.ts`. */
import { type Command, InvalidArgumentError } from 'commander';
import type { WireOrder, WireProof } from '../../dialects/native/schema.ts';
import { addProofOptions, type CertificationOptions } from '../certification.ts';
import {
  addCommand,
  addGroup,
  type Cli,
  type CommandHelp,
  collect,
  type RemoteCall,
  readPublicFile,
  remoteAction,
} from '../command.ts';
import { addFieldOption, type FieldOptions } from '../custom-values.ts';
import { addDecisionOptions, type Decision } from '../decision.ts';
import { orderLines } from '../order-page.ts';
import { type ReasonOptions, reasonOption } from '../reasons.ts';
import { revokedOrAlready } from '../revoked-already.ts';
import { addNoteCommands } from './note.ts';
import { addOrderChanges } from './order-changes.ts';
import { addOrderKey } from './order-key.ts';
import { addOrderList } from './order-list.ts';
import { addOrderPageCommands, turnLines } from './order-page.ts';
import { addRefundCommand, addRefundsCommand } from './refund.ts';

export function addOrderCommands(program: Command, cli: Cli): void {
  const order = addGroup(program, {
    usage: 'order',
    summary: 'Orders: place, follow, decide',
    description: 'An order asks for certificates for some names over some time, whichever API it came through.',
  });
  addPlace(order, cli);
  addOrderList(order, cli);
  addShow(order, cli);
  addDecisions(order, cli);
  addOrderAction(order, cli, checkHelp, (call, reference) => call.client.orders.check(reference));
  addChooseMethod(order, cli);
  addRemoveName(order, cli);
  addOrderAction(order, cli, cancelHelp, (call, reference) => call.client.orders.cancel(reference));
  addReissue(order, cli);
  addRefundCommand(order, cli);
  addRefundsCommand(order, cli);
  addRevoke(order, cli);
  addOrderChanges(order, cli);
  addOrderPageCommands(order, cli);
  addOrderKey(order, cli);
  addNoteCommands(order, cli);
}

const showHelp: CommandHelp = {
  usage: 'show <order>',
  summary: 'Show where an order stands and what proves its names',
  description:
    'Shows whose turn it is, what must be placed where to prove each name, what the last check of it found, and the certificate.',
  examples: [['certmux order show 10000017', 'by number; ids work as well']],
};

const checkHelp: CommandHelp = {
  usage: 'check <order>',
  summary: 'Look for the proofs now',
  description:
    'The server looks for the proofs again and again by itself; this makes it look now, when you have just placed them.',
  examples: [['certmux order check 10000017', 'then look: certmux order show 10000017']],
};

const cancelHelp: CommandHelp = {
  usage: 'cancel <order>',
  summary: 'Give up an order that has no certificate yet',
  description: 'Ends an open order and refunds it. An order that has a certificate is ended by order revoke.',
  examples: [['certmux order cancel 10000017', 'by number']],
};

const revokeHelp: CommandHelp = {
  usage: 'revoke <order>',
  summary: 'Revoke every certificate of an order and end it',
  description:
    'Revokes all certificates of the order for good. To replace one instead, reissue first and revoke only the old one. An order that is ' +
    'revoked already stays as it is, and the command ends with 0.',
  examples: [['certmux order revoke 10000017 --reason keyCompromise', 'the key leaked']],
};

/** A command that names an order and shows it as it is afterwards. */
function addOrderAction<Options extends object>(
  group: Command,
  cli: Cli,
  help: CommandHelp,
  act: (call: RemoteCall<Options>, reference: { readonly order: string }) => Promise<WireOrder>,
): Command {
  const command = addCommand(group, help);
  remoteAction<Options>(cli, command, async (call) => {
    const order = await act(call, { order: call.args[0] ?? '' });
    call.output.show(order, () => orderLines(order, call.terminal));
  });
  return command;
}

function addShow(group: Command, cli: Cli): void {
  const show = addCommand(group, showHelp);
  remoteAction(cli, show, async ({ client, args, output, terminal }) => {
    const order = await client.orders.show({ order: args[0] ?? '' });
    output.show(order, () => [...orderLines(order, terminal), ...turnLines(order)]);
  });
}

function addRevoke(group: Command, cli: Cli): void {
  const revoke = addCommand(group, revokeHelp).addOption(reasonOption());
  remoteAction<ReasonOptions>(cli, revoke, async ({ client, args, options, output, terminal }) => {
    const reference = { order: args[0] ?? '' };
    const result = await revokedOrAlready({
      revoke: () => client.orders.revoke({ ...reference, reason: options.reason }),
      look: () => client.orders.show(reference),
      isRevoked: ({ state }) => state === 'revoked',
    });
    const order = 'done' in result ? result.done : result.already;
    const before = 'done' in result ? [] : [`Order ${order.number} is revoked already. Nothing was changed.`, ''];
    const waiting =
      order.state === 'active' ? ['The revocation waits for an approver: see certmux approval list.', ''] : [];
    output.show(order, () => [...before, ...waiting, ...orderLines(order, terminal)]);
  });
}

interface PlaceOptions extends Omit<CertificationOptions, 'csr'>, FieldOptions {
  readonly csr?: string;
  readonly container?: string;
  readonly organization?: string;
  readonly periods?: number;
  readonly validityDays?: number;
  readonly autoRenew?: boolean;
  readonly reference?: string;
  readonly account?: string;
  readonly idempotencyKey?: string;
}

/** The server says what is allowed; here it only has to be a number. */
function count(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}

function addPlace(group: Command, cli: Cli): void {
  const place = addCommand(group, {
    usage: 'place <product>',
    summary: 'Order a certificate',
    description:
      'Places an order with a CSR that you made and shows what to place where. The names come from the CSR unless you name them. Products ' +
      'that let the CSR come later take an order with names only: give it with order csr. With --idempotency-key it may be repeated ' +
      'without ordering twice.',
    examples: [
      ['certmux order place tls-dv --csr www.csr', 'the names in the CSR'],
      ['certmux order place tls-dv --csr - --name example.com --name www.example.com < www.csr', 'named'],
      [
        'certmux order place tls-dv --csr www.csr --method email --address webmaster@example.com',
        'a mail, to be confirmed',
      ],
      ['certmux order place tls-dv --csr www.csr --account 100001', 'an operator, for an account'],
      ['certmux order place tls-dv --csr www.csr --field "Cost centre=4711"', 'with a custom field'],
      ['certmux order place racent:comodo-ssl --csr www.csr --periods 3 --auto-renew', 'three years, then three more'],
    ],
  })
    .option('--csr <file>', 'PKCS#10 as PEM, base64 or DER; - is standard input')
    .option('--name <name>', 'a name to certify (repeatable)', collect)
    .option('--periods <count>', "how many of the product's coverage periods", count)
    .option('--validity-days <days>', 'shorter certificates than the profile would make', count)
    .option('--auto-renew', 'order the same again before the coverage ends')
    .option('--reference <text>', 'your own word for the order')
    .option('--container <container>', 'id or number of the part of the account that orders')
    .option('--organization <organization>', 'id or number; OV and EV need one')
    .option('--account <account>', 'operators only: the account that orders')
    .option('--idempotency-key <key>', 'makes it safe to repeat for a day');
  addProofOptions(place);
  addFieldOption(place, 'a custom field and its value (repeatable)');
  remoteAction<PlaceOptions>(cli, place, async ({ client, args, options, output, terminal }) => {
    const {
      name: names,
      method,
      address,
      periods,
      validityDays,
      autoRenew,
      reference,
      account,
      idempotencyKey,
    } = options;
    const { field, container, organization } = options;
    const csr = options.csr === undefined ? undefined : await readPublicFile(terminal, options.csr);
    const customFields = field === undefined ? undefined : [...field];
    const order = await client.orders.place(
      {
        productCode: args[0] ?? '',
        csr,
        names,
        method,
        address,
        periods,
        validityDays,
        isAutoRenewed: autoRenew,
        reference,
        container,
        organization,
        customFields,
        account,
      },
      idempotencyKey === undefined ? {} : { idempotencyKey },
    );
    output.show(order, () => orderLines(order, terminal));
  });
}

function addReissue(group: Command, cli: Cli): void {
  const reissue = addOrderAction<CertificationOptions>(
    group,
    cli,
    {
      usage: 'reissue <order>',
      summary: 'Get a new certificate for an order',
      description:
        'Asks for another certificate inside what was paid for: with a new key, or with other names. Names that are added are charged. ' +
        'The old certificate stays valid until it ends or is revoked.',
      examples: [
        ['certmux order reissue 10000017 --csr new.csr', 'a new key for the same names'],
        ['certmux order reissue 10000017 --csr new.csr --name example.com --name shop.example.com', 'other names'],
      ],
    },
    async ({ client, options, terminal }, reference) =>
      client.orders.reissue({
        ...reference,
        csr: await readPublicFile(terminal, options.csr),
        names: options.name,
        method: options.method,
        address: options.address,
      }),
  );
  reissue
    .requiredOption('--csr <file>', 'PKCS#10 as PEM, base64 or DER; - is standard input')
    .option('--name <name>', 'a name to certify (repeatable); default: the names it has', collect);
  addProofOptions(reissue);
}

function addChooseMethod(group: Command, cli: Cli): void {
  const choose = addOrderAction<{ address?: string }>(
    group,
    cli,
    {
      usage: 'choose-method <order> <name> <method>',
      summary: 'Say how a name will be proved; e-mail sends a mail',
      description:
        'Any offered proof is accepted whatever is chosen. With the method email, a mail with a link goes to the address you name, which must ' +
        'be one of those that order show lists; whoever reads it confirms. Choosing the address again sends another mail.',
      examples: [
        ['certmux order choose-method 10000017 example.com dnsTxt', 'a note for those who look at the order'],
        ['certmux order choose-method 10000017 example.com email --address admin@example.com', 'sends the mail'],
      ],
    },
    ({ client, args, options }, reference) =>
      client.orders.chooseMethod({
        ...reference,
        name: args[1] ?? '',
        method: (args[2] ?? '') as Exclude<WireProof['method'], 'tlsAlpn' | 'dnsPersist'>,
        address: options.address,
      }),
  );
  choose.option('--address <address>', 'with email: where the mail goes');
}

function addRemoveName(group: Command, cli: Cli): void {
  const remove = addOrderAction<{ unproved?: boolean }>(
    group,
    cli,
    {
      usage: 'remove-name <order> [names...]',
      summary: 'Take names out of an order that is not issued yet',
      description:
        'The names that stay need not wait for those that cannot be proved. What the removed names cost is refunded. At least one name stays; ' +
        'to give up all of them, cancel the order.',
      examples: [
        ['certmux order remove-name 10000017 old.example.com', 'this one'],
        ['certmux order remove-name 10000017 --unproved', 'every name that is not proved now'],
      ],
    },
    ({ client, args, options }, reference) =>
      client.orders.removeNames({ ...reference, names: options.unproved === true ? 'unproved' : args.slice(1) }),
  );
  remove.option('--unproved', 'every name that is not proved now');
}

function addDecisions(group: Command, cli: Cli): void {
  const approve = addOrderAction<Decision>(
    group,
    cli,
    {
      usage: 'approve <order>',
      summary: 'Approve what an order waits for',
      description: 'Lets the order go on to validation. Needs the role approver.',
      examples: [['certmux order approve 10000017 --note "ticket 4711"', 'with a note for the audit log']],
    },
    ({ client, options }, reference) =>
      client.orders.approve({ ...reference, note: options.note, version: options.atVersion }),
  );
  addDecisionOptions(approve, 'kept with the decision');
  const reject = addOrderAction<Decision>(
    group,
    cli,
    {
      usage: 'reject <order>',
      summary: 'Reject what an order waits for',
      description: 'Ends the order and refunds it. Needs the role approver. The note is shown to whoever ordered.',
      examples: [['certmux order reject 10000017 --note "not our domain"', 'tell them why']],
    },
    ({ client, options }, reference) =>
      client.orders.reject({ ...reference, note: options.note, version: options.atVersion }),
  );
  addDecisionOptions(reject, 'shown to whoever ordered');
}
