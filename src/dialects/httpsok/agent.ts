/**
 * Requests of the nginx agent: the certificates of one configuration, each known by a code. The agent sends its
 * configuration at every run before anything else (`agent-codes.ts`); orders tell the rest.
 */

import { createHmac, hash } from 'node:crypto';
import type { Caller } from '../../domain/caller.ts';
import { refuse, renderReason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Language } from '../../domain/language.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import type { Clock, Randomness } from '../../domain/ports/system.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { thumbprint } from '../../pki/certificate.ts';
import { type CodedCertificate, createAgentCodes } from './agent-codes.ts';
import { type AgentMarks, createAgentRuns } from './agent-runs.ts';
import type { HttpsokConfig } from './config.ts';
import { dialectDataOf } from './dialect-data.ts';
import { certificatesOf } from './nginx-config.ts';
import { keyKinds, newProofReference, withAccount } from './order-from-wire.ts';
import { issuedToWire } from './order-to-wire.ts';
import type { Delegations } from './proofs.ts';
import { statusOf } from './status.ts';
import { replacementDue, usedCertificate } from './used-certificate.ts';

/** First lines of the replies that the agent's script understands. */
export const answers = { renewed: '1', underWay: '2', stillGood: '3', notDelegated: '12', badCode: '13' } as const;

export interface Agent {
  /**
   * `code,certificate file,key file`, one line each. For what is left out, a line without files: the script prints what the later
   * calls answer to its code, which is why. To an empty reply it would only print that nothing was found.
   */
  preparse(caller: Caller, configuration: string, sender: AgentSender): Promise<string>;
  /** Certificate that the web server uses now. @throws {CertError} notFound for an unknown code */
  upload(caller: Caller, code: string, certificatePem: string): Promise<void>;
  check(caller: Caller, code: string, language: Language): Promise<string>;
  /**
   * The instruction for the records that are missing, or `3`. Without codes, for the newest configuration of this agent.
   * @throws {CertError} agentRunUnknown
   */
  checkDns(caller: Caller, wanted: WantedCodes, language: Language): Promise<string>;
  /** @throws {CertError} notFound, wrongState */
  file(caller: Caller, code: string, kind: 'cer' | 'key'): Promise<string>;
}

export interface AgentSender {
  readonly marks: AgentMarks;
  /** Folder of the main configuration file; empty where the script does not know it. */
  readonly home: string;
}

export interface WantedCodes {
  readonly codes: readonly string[];
  readonly marks: AgentMarks;
}

/** Time for which a failure is returned instead of trying again. */
const failureMs = 3_600_000;

export function createAgent(
  options: Pick<Ports, 'expiring' | 'orders' | 'issuances'> & {
    readonly delegations: Delegations;
    readonly clock: Clock;
    readonly random: Randomness;
    readonly secret: Uint8Array;
    readonly config: HttpsokConfig;
  },
): Agent {
  const { expiring, orders, issuances, delegations, clock, random, secret, config } = options;
  const codes = createAgentCodes({ expiring, clock });
  const runs = createAgentRuns({ expiring, clock });

  /** The same for the same files and names, whatever their order. */
  function codeOf(caller: Caller, certificateFile: string, names: readonly Identifier[]): string {
    const values = names.map((name) => name.value).sort();
    return hmacOf([caller.scope, certificateFile, values]);
  }

  function hmacOf(values: readonly unknown[]): string {
    return createHmac('sha256', secret).update(JSON.stringify(values)).digest('hex').slice(0, 32);
  }

  async function newestOrder(
    caller: Caller,
    code: string,
    { names }: CodedCertificate,
  ): Promise<OrderView | undefined> {
    const name = names[0]?.value;
    const { items } = await orders.list(caller, { limit: 50, ...withDefined({ name }) });
    const found = items.find(({ order }) => dialectDataOf(order).agentCode === code);
    return found === undefined ? undefined : orders.get(caller, { id: found.order.id });
  }

  async function pemsOf(caller: Caller, view: OrderView): Promise<{ readonly cer: string; readonly key: string }> {
    const privateKey = await issuances.privateKey(caller, { number: view.order.number });
    const { certificate, privateKey: key } = issuedToWire(view, privateKey, config.timeOffset);
    return { cer: certificate, key };
  }

  async function placeOrder(caller: Caller, code: string, names: readonly Identifier[]): Promise<void> {
    const ca = config.defaultCa;
    const algorithm = 'ECC';
    await orders.place(caller, {
      productCode: ca,
      names,
      csr: { make: keyKinds[algorithm] },
      ...withDefined({ issuerId: config.issuers[ca] }),
      proofReference: newProofReference(random),
      preferredMethod: 'dnsCname',
      renewalOf: null,
      organization: null,
      contact: null,
      dialectData: { algorithm, ca, agentCode: code },
      // Two runs side by side are one order.
      idempotency: { key: `agent ${code}`, fingerprint: code, windowSeconds: 60 },
    });
  }

  async function whyLeftOut(caller: Caller, code: string, language: Language): Promise<string | undefined> {
    const why = await codes.whyLeftOut(caller, code);
    return why === undefined ? undefined : `${renderReason(why, language)}\n`;
  }

  const isDue = (replaceAt: Date | null) => replaceAt === null || replaceAt <= clock.now();

  /** Result of the newest order; undefined where another one is needed. */
  async function answerOf(
    caller: Caller,
    { current }: CodedCertificate,
    view: OrderView,
    language: Language,
  ): Promise<string | undefined> {
    const { status } = statusOf(view);
    if (status === 2) return answers.underWay;
    const { issuance, certificate } = view;
    if (status === 3) {
      const isFresh = clock.now().getTime() - issuance.createdAt.getTime() < failureMs;
      return isFresh && issuance.failure !== null ? `${renderReason(issuance.failure, language)}\n` : undefined;
    }
    if (certificate === null || isDue(replacementDue(certificate))) return undefined;
    if (current?.sha256 === thumbprint(certificate.der, 'sha256')) return answers.stillGood;
    const { cer, key } = await pemsOf(caller, view);
    return `${answers.renewed}\n${hash('md5', cer, 'hex')},${hash('md5', key, 'hex')}`;
  }

  return {
    async preparse(caller, configuration, { marks, home }) {
      const { certificates, leftOut } = certificatesOf(configuration, home);
      const found = certificates.map((certificate) => ({
        ...certificate,
        code: codeOf(caller, certificate.certificateFile, certificate.names),
      }));
      const reasons = new Map(leftOut.map((why) => [hmacOf([caller.scope, why]), why]));
      await codes.remember(caller, new Map(found.map(({ code, names }) => [code, names])));
      await codes.rememberLeftOut(caller, reasons);
      await runs.remember(caller, marks, [...found.map(({ code }) => code), ...reasons.keys()]);
      const lines = found.map(({ code, certificateFile, keyFile }) => `${code},${certificateFile},${keyFile}\n`);
      return [...lines, ...[...reasons.keys()].map((code) => `${code},,\n`)].join('');
    },

    async upload(caller, code, certificatePem) {
      const entry = await codes.find(caller, code);
      if (entry === undefined) {
        throw refuse('notFound', { what: 'certificate', value: code.slice(0, 80) });
      }
      await codes.noteUsed(caller, code, usedCertificate(certificatePem, entry.names));
    },

    async check(caller, code, language) {
      const entry = await codes.find(caller, code);
      if (entry === undefined) return (await whyLeftOut(caller, code, language)) ?? answers.badCode;
      const view = await newestOrder(caller, code, entry);
      const answer = view === undefined ? undefined : await answerOf(caller, entry, view, language);
      if (answer !== undefined) return answer;
      // A certificate from elsewhere is left in its place while it is good.
      if (view === undefined && entry.current !== undefined && !isDue(entry.current.replaceAt)) {
        return answers.stillGood;
      }
      const delegated = await delegations.check(withAccount(caller), entry.names);
      if (!delegated.every(({ valid }) => valid)) return answers.notDelegated;
      await placeOrder(caller, code, entry.names);
      return answers.underWay;
    },

    async checkDns(caller, wanted, language) {
      const isNamed = wanted.codes.length > 0;
      const codesOfRun = isNamed ? wanted.codes : await runs.find(caller, wanted.marks);
      if (codesOfRun === undefined) throw refuse('agentRunUnknown', {});
      const found = await Promise.all(codesOfRun.map((code) => codes.find(caller, code)));
      const others = codesOfRun.filter((_, index) => found[index] === undefined);
      const whyOthers = await Promise.all(others.map((code) => whyLeftOut(caller, code, language)));
      if (whyOthers.includes(undefined)) {
        if (isNamed) return answers.badCode;
        // The run is remembered a moment longer than its codes.
        throw refuse('agentRunUnknown', {});
      }
      // Beside sites that have records, `check` shows why the others have none.
      if (others.length === codesOfRun.length) return whyOthers.join('');
      const names = found.flatMap((entry) => entry?.names ?? []);
      const missing = (await delegations.check(withAccount(caller), names)).filter(({ valid }) => !valid);
      if (missing.length === 0) return answers.stillGood;
      const lines = missing.map(({ fullHost: host, hostValue: target }) =>
        renderReason({ key: 'delegationMissing', params: { host, target } }, language),
      );
      return `${lines.join('\n')}\n`;
    },

    async file(caller, code, kind) {
      const entry = await codes.find(caller, code);
      const view = entry === undefined ? undefined : await newestOrder(caller, code, entry);
      if (view === undefined) throw refuse('notFound', { what: 'certificate', value: code.slice(0, 80) });
      return (await pemsOf(caller, view))[kind];
    },
  };
}
