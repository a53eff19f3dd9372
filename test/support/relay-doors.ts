/**
 * Customers of every front door that relays, by requests as they go over the wire: what an order, a look at it, a change of method and a
 * refusal look like in each API.
 */
import assert from 'node:assert/strict';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';
import type { Body, Tenant } from './tenants.ts';

type RelayTenant = Pick<Tenant, 'post' | 'put' | 'get'>;

export const relayDoorNames = ['native', 'encryption365', 'httpsok', 'digicert', 'racent'] as const;
export type RelayDoorName = (typeof relayDoorNames)[number];

/** A reply as it came: `text` for what is to be found in it. */
export interface WireReply {
  readonly isDone: boolean;
  readonly text: string;
}

export interface RelayCustomer {
  /** Its words for the methods. */
  readonly methods: Readonly<Partial<Record<ValidationMethod, string>>>;
  /** @param csr null: without one @returns what the API calls the order, with the reply */
  order(
    names: readonly string[],
    method: ValidationMethod,
    csr: string | null,
  ): Promise<WireReply & { readonly id: string }>;
  /** What the API shows of the order and what is to be placed for it. */
  show(id: string, names: readonly string[]): Promise<string>;
  /** Absent where this API has no such call. */
  changeMethod?(id: string, name: string, method: ValidationMethod): Promise<WireReply>;
}

const contact = { firstName: 'a', lastName: 'b', email: 'a@example.com' };

export function relayCustomer(door: RelayDoorName, tenant: RelayTenant): RelayCustomer {
  return makers[door](tenant);
}

const done = (isDone: boolean, reply: Body): WireReply => ({ isDone, text: JSON.stringify(reply) });

const makers: Readonly<Record<RelayDoorName, (tenant: RelayTenant) => RelayCustomer>> = {
  native({ post, get }) {
    return {
      methods: { dnsCname: 'dnsCname', dnsTxt: 'dnsTxt', httpFile: 'httpFile', httpsFile: 'httpsFile' },
      async order(names, method, csr) {
        const fields = {
          productCode: 'encryption365:paid',
          names: [...names],
          method,
          ...(csr === null ? {} : { csr }),
        };
        const placed = await post('native', '/api/v1/orders', fields);
        return { ...done(placed.number !== undefined, placed), id: String(placed.number) };
      },
      show: async (id) => JSON.stringify(await get('native', `/api/v1/orders/${id}`)),
      async changeMethod(id, name, method) {
        const reply = await post('native', `/api/v1/orders/${id}/method`, { name, method });
        return done(reply.number !== undefined, reply);
      },
    };
  },

  encryption365({ post }) {
    const methods = { dnsCname: 'dns', httpFile: 'http', httpsFile: 'https' } as const;
    const change = async (id: string, domain: string, method: ValidationMethod) => {
      const word = methods[method as keyof typeof methods];
      const reply = await post('encryption365', '/cert/change_dcv', { trustocean_id: id, domain, method: word });
      return done(reply.result === 'success' || reply.status === 'success', reply);
    };
    return {
      methods,
      async order(names, method, csr) {
        const fields = { pid: 108, period: 'annually', csr_code: csr ?? '', domains: names.join(',') };
        const placed = await post('encryption365', '/cert/create', fields);
        const id = String(placed.trustocean_id);
        // This API orders by file, and has another call for the method.
        if (placed.result !== 'success' || method === 'httpFile')
          return { ...done(placed.result === 'success', placed), id };
        for (const name of names) {
          const changed = await change(id, name, method);
          assert.ok(changed.isDone, changed.text);
        }
        return { isDone: true, text: await this.show(id, names), id };
      },
      show: async (id) => JSON.stringify(await post('encryption365', '/cert/details', { trustocean_id: id })),
      changeMethod: change,
    };
  },

  httpsok({ post, get }) {
    return {
      methods: { dnsCname: 'dns' },
      async order(names) {
        const applied = await post('httpsok', '/v1/cert/apply', { domainList: [...names] });
        if (applied.code !== 0) return { ...done(false, applied), id: '' };
        const id = String(applied.data);
        return { isDone: true, text: await this.show(id, names), id };
      },
      async show(id, names) {
        const records = await post('httpsok', '/v1/cert/dv', { domainList: [...names] });
        return JSON.stringify([await get('httpsok', `/v1/cert/apply/${id}`), records]);
      },
    };
  },

  digicert({ post, put, get }) {
    const methods = { dnsCname: 'dns-cname-token', dnsTxt: 'dns-txt-token', httpFile: 'http-token' } as const;
    const path = '/services/v2/order/certificate';
    return {
      methods,
      async order([common_name, ...dns_names], method, csr) {
        const placed = await post('digicert', `${path}/ssl_dv_geotrust_flex`, {
          certificate: { common_name, dns_names, csr, signature_hash: 'sha256' },
          validity_years: 1,
          dcv_method: methods[method as keyof typeof methods],
          payment_method: 'balance',
          skip_approval: true,
        });
        return { ...done(placed.id !== undefined, placed), id: String(placed.id) };
      },
      async show(id) {
        return JSON.stringify([
          await get('digicert', `${path}/${id}`),
          await get('digicert', `${path}/${id}/validation`),
        ]);
      },
      async changeMethod(id, _name, method) {
        const word = methods[method as keyof typeof methods];
        const reply = await put('digicert', `${path}/${id}/dcv-method`, { dcv_method: word });
        return done(reply.errors === undefined, reply);
      },
    };
  },

  racent({ post }) {
    const methods = { dnsCname: 'CNAME_CSR_HASH', httpFile: 'HTTP_CSR_HASH', httpsFile: 'HTTPS_CSR_HASH' } as const;
    const wordOf = (method: ValidationMethod) => methods[method as keyof typeof methods];
    return {
      methods,
      async order(names, method, csr) {
        const domainInfo = names.map((domainName) => ({ domainName, dcvMethod: wordOf(method) }));
        const params = { ...(csr === null ? {} : { csr }), domainInfo, Administrator: contact };
        const fields = { productCode: 'comodo-positive-multi-domain', years: 1, params };
        const placed = await post('racent', '/ssl/place', fields);
        return { ...done(placed.code === 1, placed), id: String(placed.data?.certId) };
      },
      show: async (certId) => JSON.stringify(await post('racent', '/ssl/collect', { certId })),
      async changeMethod(certId, domainName, method) {
        const fields = { certId, domainName, dcvMethod: wordOf(method) };
        const reply = await post('racent', '/ssl/updateDCV', fields);
        return done(reply.code === 1, reply);
      },
    };
  },
};
