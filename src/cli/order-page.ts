/** An order as a page for people: where it stands, what to place where, what the last check found, what to do next. */
import type { WireOrder, WireProof } from '../dialects/native/schema.ts';
import { visible } from '../domain/visible-text.ts';
import { versionFlag } from './decision.ts';
import { factLines } from './table.ts';
import { styled, type Terminal, visibleLines } from './terminal.ts';
import { actorText, coverageText, dayText, endText, momentText, optionalActorText, stateStyle } from './words.ts';

type View = Pick<Terminal, 'colours' | 'clock'>;
type Name = WireOrder['names'][number];

export function orderLines(order: WireOrder, terminal: View): string[] {
  const lines = [
    `Order ${order.number}  ${styled(terminal, stateStyle(order.state), order.state)}`,
    visible(order.summary),
    '',
    ...factLines(factsOf(order)),
    '',
    styled(terminal, 'bold', 'Names'),
    ...order.names.flatMap((name) => nameLines(name, order, terminal)),
    ...leftOutLines(order, terminal),
    ...certificateLines(order, terminal),
    ...nextLines(order),
  ];
  // Parts end and begin with blank lines of their own.
  return lines.filter((line, index) => line !== '' || lines[index - 1] !== '');
}

function factsOf(order: WireOrder): (readonly [string, string | null])[] {
  const { approval, organization } = order;
  const covers = coverageText(order.coverage);
  return [
    ['Product', `${order.productCode}  ${order.productName}`],
    ['Account', `${order.accountName}  ${order.accountId}`],
    ['Placed', `${momentText(order.createdAt)} through ${order.dialect}`],
    ['Ordered by', optionalActorText(order.orderedBy)],
    [closedTitles[order.state] ?? 'Closed by', optionalActorText(order.closedBy)],
    [
      'Covers',
      order.coverageFrom === null
        ? `${covers} from the first certificate on`
        : `${covers}, ${dayText(order.coverageFrom)} to ${dayText(order.coverageUntil)}`,
    ],
    ['Price', order.total.amount],
    ['Organization', organization === null ? null : organization.name],
    ['Reference', order.reference],
    ['Container', order.containerId ?? null],
    ...(order.customFields ?? []).map(({ label, value }) => [visible(label), value] as const),
    ['Renewal of', order.renewalOf],
    ['Approval', approval === null ? null : approvalText(approval)],
    ['Id', order.id],
  ];
}

const closedTitles: Readonly<Partial<Record<WireOrder['state'], string>>> = {
  cancelled: 'Cancelled by',
  rejected: 'Rejected by',
  revoked: 'Revoked by',
};

function approvalText({ state, note, decidedBy }: NonNullable<WireOrder['approval']>): string {
  const by = decidedBy === null ? '' : ` by ${actorText(decidedBy)}`;
  return `${state}${by}${note === '' ? '' : `: ${note}`}`;
}

function nameLines(name: Name, order: WireOrder, terminal: View): string[] {
  if (name.state === 'valid') {
    const how = name.provedBy === null ? 'proved' : `proved by ${name.provedBy} on ${dayText(name.provedAt)}`;
    return [
      `  ${styled(terminal, 'green', '✓')} ${visible(name.name)}  ${how}, good until ${dayText(name.validUntil)}`,
    ];
  }
  const title = `  ${styled(terminal, 'yellow', '·')} ${visible(name.name)}  ${name.state}`;
  // Proofs are only of use while somebody looks for them.
  if (!['awaitingApproval', 'awaitingValidation'].includes(order.issuance.state)) return [title];
  return [`${title}; place any one of these:`, '', ...proofsLines(name.proofs)];
}

/** What may be placed, each with what the last check of it found. */
export function proofsLines(proofs: readonly WireProof[]): string[] {
  return proofs.flatMap((proof, index) => [...proofLines(proof, proofs[index - 1]), ...checkLines(proof), '']);
}

/** What the CSR asks for in vain. */
function leftOutLines({ issuance: { leftOut = [] } }: WireOrder, terminal: View): string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.map(({ text }) => `  ${styled(terminal, 'yellow', '!')} ${visible(text)}`);
  return ['', styled(terminal, 'bold', 'Not in the certificate'), ...lines];
}

/** Below the place that a proof names. */
const indent = '           ';

function proofLines(proof: WireProof, before: WireProof | undefined): string[] {
  if (proof.method === 'dnsCname') {
    return [
      `    CNAME  ${visible(proof.host)}`,
      `${indent}to   ${visible(proof.target)}`,
      ...proof.alternativeHosts.map((host) => `${indent}or   ${visible(host)} to the same`),
    ];
  }
  if (proof.method === 'email') {
    const addresses = proof.addresses.map((address) => `${indent}${visible(address)}`);
    const sent = proof.chosen === null ? [] : [`${indent}chosen: ${visible(proof.chosen)}`];
    return [`    MAIL   confirmed by whoever reads one of these (certmux order choose-method)`, ...addresses, ...sent];
  }
  if (proof.method === 'dnsTxt') {
    return [
      `    TXT    ${visible(proof.host)}`,
      `${indent}is   ${visible(proof.value)}`,
      ...proof.alternativeHosts.map((host) => `${indent}or   ${visible(host)} with the same`),
    ];
  }
  if (proof.method === 'tlsAlpn') {
    return [
      '    ALPN   a certificate for the handshake of acme-tls/1',
      `${indent}with ${visible(proof.identifierHash)}`,
    ];
  }
  if (proof.method === 'dnsPersist') {
    const policy = proof.needsWildcardPolicy ? '; policy=wildcard' : '';
    const value = `${proof.issuers[0] ?? ''}; accounturi=${proof.accountUri}${policy}`;
    return [`    TXT    ${visible(proof.host)}`, `${indent}is   ${visible(value)}`, `${indent}for good`];
  }
  const title = `    ${proof.method === 'httpFile' ? 'HTTP ' : 'HTTPS'}  ${visible(proof.url)}`;
  const isSameFile = before !== undefined && 'content' in before && before.content === proof.content;
  if (isSameFile) return [title, `${indent}with the same content`];
  const content = visibleLines(proof.content.replaceAll('\r\n', '\n')).split('\n');
  return [title, `${indent}with the content`, ...content.map((line) => `${indent}  ${line}`)];
}

function mailText({ checkedAt, problem }: NonNullable<WireProof['lastCheck']>): string {
  return `${momentText(checkedAt)}: ${visible(problem ?? 'confirmed')}`;
}

function checkLines({ method, lastCheck }: WireProof): string[] {
  if (method === 'email') return lastCheck === null ? [] : [`${indent}${mailText(lastCheck)}`];
  if (lastCheck === null) return [`${indent}not looked for yet`];
  const { proved, checkedAt, problem } = lastCheck;
  return [`${indent}last look ${momentText(checkedAt)}: ${proved ? 'found' : visible(problem ?? 'not found')}`];
}

function certificateLines({ certificate }: WireOrder, terminal: View): string[] {
  if (certificate === null) return [];
  const state = styled(terminal, stateStyle(certificate.state), certificate.state);
  return [
    '',
    styled(terminal, 'bold', 'Certificate'),
    `  number ${certificate.number}, ${state}, ends ${endText(certificate.notAfter, terminal.clock.now())}`,
    `  serial ${certificate.serial}`,
  ];
}

const nextOf = {
  awaitingApproval: ({ number, approval }) =>
    `certmux order approve ${number}${versionFlag(approval?.version ?? 1)}   (or reject, with --note)`,
  awaitingValidation: ({ number, names }) =>
    names.every(({ state }) => state === 'valid')
      ? `certmux order show ${number}   (it goes on by itself)`
      : `place one proof of each name; the server looks by itself, or: certmux order check ${number}`,
  ready: ({ number, issuance }) =>
    issuance.needsCsr === true ? `certmux order csr ${number} --csr www.csr` : `certmux order show ${number}`,
  issuing: ({ number }) => `certmux order show ${number}`,
  issued: ({ certificate }) =>
    certificate === null ? undefined : `certmux certificate download ${certificate.number} --output fullchain.pem`,
  failed: () => 'put right what failed and place a new order',
  cancelled: () => undefined,
} as const satisfies Record<WireOrder['issuance']['state'], (order: WireOrder) => string | undefined>;

function nextLines(order: WireOrder): string[] {
  if (order.state !== 'open' && order.state !== 'active') return [];
  const next = nextOf[order.issuance.state](order);
  return next === undefined ? [] : ['', `Next: ${next}`];
}
