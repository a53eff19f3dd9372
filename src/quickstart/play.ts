/** The story itself, in the order in which it happens. */
import { join } from 'node:path';
import type { NativeClient } from '../dialects/native/client.ts';
import type { WireOrder } from '../dialects/native/schema.ts';
import { awaitCertificate } from './await-certificate.ts';
import { awaitOffers } from './await-offers.ts';
import { checkChain, fileNames, makeKeyAndCsr, writeFiles } from './certificate-files.ts';
import type { Offer } from './customer.ts';
import { chooseProofs, placeProofs, type WantedName } from './customer-servers.ts';
import { startHttpsSite, visit } from './https-site.ts';
import { setUp } from './set-up.ts';
import { asItIs, createStep, type Play, patienceMs, vendorPatienceMs } from './steps.ts';
import { tellStory } from './upstream-story.ts';
import { isRelay } from './via.ts';

const apex = 'quickstart.example';
const www = `www.${apex}`;
const wildcard = `*.apps.${apex}`;
/** A host that only the wildcard covers. */
const app = `shop.apps.${apex}`;

/** What is ordered, and the hosts that the certificate is then good for. */
function wishOf({ via, script }: Pick<Play, 'via' | 'script'>): {
  readonly wanted: readonly WantedName[];
  readonly hosts: readonly string[];
} {
  const { takesWildcards, provesByCnameOnly, showsDelegations, wildcardsNeedOwnTxt } = script;
  const isRelayed = via !== undefined && isRelay(via);
  const isDelegated = via !== undefined && via.vendor === undefined && showsDelegations === true;
  const ownProof = provesByCnameOnly === true || isDelegated ? 'record' : 'file';
  const provedBy = isRelayed ? 'any' : ownProof;
  const wanted: readonly WantedName[] = [
    { name: apex, provedBy },
    { name: www, provedBy },
  ];
  const isBesideDelegation = wildcardsNeedOwnTxt === true && via !== undefined && via.vendor === undefined;
  const hasWildcard = takesWildcards && !isBesideDelegation && via?.vendor?.takesWildcards !== false;
  if (!hasWildcard) return { wanted, hosts: [apex, www] };
  return { wanted: [...wanted, { name: wildcard, provedBy: 'record' }], hosts: [apex, www, app] };
}

const places = { file: 'files on the web server', cname: 'CNAME in the DNS', txt: 'TXT in the DNS' } as const;

/** Plays it once. Everything it started is closed when it resolves or rejects. @throws {StepError} */
export async function play(options: Play): Promise<void> {
  const { script, via, clock, fetch, report, directory } = options;
  const step = createStep(options);
  const { wanted, hosts } = wishOf(options);
  const names = wanted.map(({ name }) => name);
  // Closed in reverse: the site, certmux, the customer's servers.
  await using cleanup = new AsyncDisposableStack();

  report.introduction(script.title, via);
  report.heading('Set-up');
  const { servers, service, upstream, made } = await setUp(options, {
    step,
    hosts: [apex, www],
    names,
    cleanup,
  });

  report.heading(`The customer's software, speaking ${script.title}`);
  const customer = made.open({ baseUrl: service.url, fetch, isRelayed: via !== undefined && isRelay(via) });
  const leavesKey = script.leavesKeyToServer === true || via?.vendor?.takesCsr === false;
  for (const { call, run } of customer.preparations) await step(call, ({ signal }) => run(signal), asItIs);
  const { keyPem, csrPem } = leavesKey
    ? { keyPem: '', csrPem: '' }
    : await step(
        'Key and CSR',
        () => makeKeyAndCsr(names),
        () => 'P-256; the key stays with the customer',
      );
  const place = async (offers: readonly Offer[]) => {
    const proofs = chooseProofs(wanted, offers);
    report.proofs(proofs);
    await step(
      'Proofs placed',
      async () => placeProofs(proofs, servers),
      () => [...new Set(proofs.map(({ kind }) => places[kind]))].join(', '),
    );
  };
  const standing = customer.standingOffers?.(names);
  if (standing !== undefined) await place(standing);
  const order = await step(
    customer.orderCall,
    ({ signal }) => customer.placeOrder({ csrPem, names }, signal),
    ({ summary }) => summary,
  );
  const { readOffers } = customer;
  if (readOffers !== undefined) {
    const offers = await step(
      "Vendor's challenges",
      ({ signal }) => awaitOffers({ customer, readOffers, names, clock, signal }),
      (found) => `of ${found.length} names, in the words of the API`,
    );
    await place(offers);
  } else if (standing === undefined) await place(order.offers);
  const { completion } = customer;
  if (completion !== undefined) await step(completion.call, ({ signal }) => completion.run(signal), asItIs);
  const issued = await step(
    customer.pollCall,
    ({ signal, note }) =>
      awaitCertificate({
        ...{ customer, names, clock, signal, note },
        patienceMs: via?.vendor === undefined ? patienceMs : vendorPatienceMs,
      }),
    ({ status, polls }) => `${status}, polled ${polls === 1 ? 'once' : `${polls} times`}`,
  );
  report.evidence(await onlyOrder(service.operator), via);
  if (upstream !== undefined) report.story(await tellStory(upstream, service.operator));

  report.heading('Using the certificate');
  const { chain, files } = await step(
    'Chain verified',
    async ({ signal }) => {
      const rootsPem = await readText(
        await fetch(new Request(`${(upstream?.service ?? service).url}/pki/root.pem`, { signal })),
      );
      return checkChain({ issued, rootsPem, keyPem: issued.privateKey ?? keyPem, hosts, now: clock.now() });
    },
    (checked) => `${checked.chain.length} certificates, by certmux and OpenSSL`,
  );
  await writeFiles(directory, files);
  const visited = hosts.slice(-2);
  const site = await step(
    'HTTPS connection',
    async ({ signal }) => {
      const started = await startHttpsSite(files, cleanup);
      const versions = await Promise.all(
        visited.map((host) => visit(started, { host, rootPem: files.rootPem, signal })),
      );
      return { ...started, version: versions[0] };
    },
    ({ version }) => `${version}, trusting only the root, to ${visited.join(' and ')}`,
  );

  const [leaf] = chain;
  if (leaf !== undefined) report.certificate(leaf.der);
  report.files(directory, via);
  if (!options.keep) return;
  report.running({
    url: service.url,
    upstreamUrl: upstream?.service.url,
    dataDirectory: options.dataDirectory,
    rootFile: join(directory, fileNames.rootPem),
    operator: service.certmux.firstOperator,
    customer: made.access,
    site: { ...site, host: www },
  });
  await untilAborted(options.interrupted);
}

/** As certmux shows it, whatever number or handle the API has for it. */
async function onlyOrder(operator: NativeClient): Promise<WireOrder> {
  const { items } = await operator.orders.list({ limit: 1 });
  return operator.orders.show({ order: String(items[0]?.number) });
}

async function readText(reply: Response): Promise<string> {
  if (!reply.ok) throw new Error(`${reply.url} answers with HTTP status ${reply.status}`);
  return reply.text();
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
