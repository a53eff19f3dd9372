/**
 * Names proved by mail to a vendor, which is a second certmux: the customer chooses the mailbox through the front door, the vendor sends the
 * mail, sends it again where the customer wants that, and its reader confirms at the vendor.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { csrPemFor } from '../support/buyers.ts';
import { createMailFake, type MailFake } from '../support/mail-fake.ts';
import type { Body } from '../support/tenants.ts';
import { openVendorDoors, type VendorDoors } from '../support/vendor-doors.ts';

let scene: VendorDoors;
let mail: MailFake;
afterEach(() => scene.close());

const name = 'shop.example.com';
const address = 'admin@example.com';
const otherAddress = 'webmaster@example.com';

/** What a customer of the door sends. */
interface MailCustomer {
  readonly door: 'native' | 'encryption365' | 'digicert' | 'racent';
  order(csr: string): Promise<string>;
  choose(id: string, to: string): Promise<Body>;
  resend(id: string, to: string): Promise<Body>;
  isDone(reply: Body): boolean;
  show(id: string): Promise<string>;
}

const contact = { firstName: 'a', lastName: 'b', email: 'a@example.com' };
const path = '/services/v2/order/certificate';
const post = (door: string, at: string, fields: Body = {}) => scene.tenant.post(door, at, fields);

const customers: readonly MailCustomer[] = [
  {
    door: 'native',
    async order(csr) {
      return String(
        (await post('native', '/api/v1/orders', { productCode: 'encryption365:paid', names: [name], csr })).number,
      );
    },
    choose: (id, to) => post('native', `/api/v1/orders/${id}/method`, { name, method: 'email', address: to }),
    resend: (id, to) => post('native', `/api/v1/orders/${id}/method`, { name, method: 'email', address: to }),
    isDone: ({ number }) => number !== undefined,
    show: async (id) => JSON.stringify(await scene.tenant.get('native', `/api/v1/orders/${id}`)),
  },
  {
    door: 'encryption365',
    async order(csr) {
      const fields = { pid: 108, period: 'annually', csr_code: csr, domains: name };
      return String((await post('encryption365', '/cert/create', fields)).trustocean_id);
    },
    choose: (id, to) => post('encryption365', '/cert/change_dcv', { trustocean_id: id, domain: name, method: to }),
    resend: (id, to) => post('encryption365', '/cert/change_dcv', { trustocean_id: id, domain: name, method: to }),
    isDone: ({ result, status }) => result === 'success' || status === 'success',
    show: async (id) => JSON.stringify(await post('encryption365', '/cert/details', { trustocean_id: id })),
  },
  {
    door: 'digicert',
    async order(csr) {
      const placed = await post('digicert', `${path}/ssl_dv_geotrust_flex`, {
        certificate: { common_name: name, csr, signature_hash: 'sha256' },
        validity_years: 1,
        dcv_method: 'dns-cname-token',
        payment_method: 'balance',
        skip_approval: true,
      });
      return String(placed.id);
    },
    choose: (id, to) =>
      scene.tenant.put('digicert', `${path}/${id}/resend-emails`, {
        domain_approval_emails: [{ domain: name, email: to }],
      }),
    resend: (id, to) =>
      scene.tenant.put('digicert', `${path}/${id}/resend-emails`, {
        domain_approval_emails: [{ domain: name, email: to }],
      }),
    isDone: ({ errors }) => errors === undefined,
    show: async (id) => JSON.stringify(await scene.tenant.get('digicert', `${path}/${id}/email-validation`)),
  },
  {
    door: 'racent',
    async order(csr) {
      const params = { csr, domainInfo: [{ domainName: name, dcvMethod: 'CNAME_CSR_HASH' }], Administrator: contact };
      const fields = { productCode: 'comodo-positive-multi-domain', years: 1, params };
      return String((await post('racent', '/ssl/place', fields)).data?.certId);
    },
    choose: (certId, to) =>
      post('racent', '/ssl/updateDCV', { certId, domainName: name, dcvMethod: 'EMAIL', dcvEmail: to }),
    resend: (certId, to) => post('racent', '/ssl/DCVemail', { certId, domainName: name, dcvEmail: to }),
    isDone: ({ code }) => code === 1,
    show: async (certId) => JSON.stringify(await post('racent', '/ssl/collect', { certId })),
  },
];

const only = async () => (await scene.orders())[0] ?? assert.fail('an order');
const secondOf = () => scene.other?.app ?? assert.fail('there is a second certmux');
const reader = { address: '203.0.113.77', requestId: 'reader' };

async function opened(customer: MailCustomer, vendor: 'racent' | 'encryption365'): Promise<string> {
  mail = createMailFake();
  const currency = customer.door === 'digicert' ? { currency: 'USD' } : {};
  scene = await openVendorDoors({ vendor, behind: 'certmux', otherMail: mail, ...currency });
  return customer.order(await csrPemFor([name]));
}

const mailTo = (to: string) =>
  scene.passUntil(() => mail.sent.some((one) => JSON.stringify(one).includes(to)), `a mail to ${to}`);

/** The mail is on its way before the vendor has answered, and the door does not wait long for its answer. */
const isShown = (customer: MailCustomer, id: string, to: string) =>
  scene.passUntil(async () => (await customer.show(id)).includes(to), `the door shows ${to}`);

for (const customer of customers) {
  for (const vendor of ['racent', 'encryption365'] as const) {
    describe(`${customer.door} in, ${vendor} out`, () => {
      it('the vendor mails the chosen mailbox, again on demand, and its reader’s yes proves the name', async () => {
        const id = await opened(customer, vendor);
        const chosen = await customer.choose(id, address);
        assert.ok(customer.isDone(chosen), JSON.stringify(chosen));
        await mailTo(address);
        const sent = mail.sent.length;
        await isShown(customer, id, address);
        await scene.pass(900);
        const resent = await customer.resend(id, address);
        assert.ok(customer.isDone(resent), JSON.stringify(resent));
        await scene.passUntil(() => mail.sent.length > sent, 'it is sent again');
        assert.equal((await only()).authorizations[0]?.state, 'pending');
        const decided = await secondOf().ports.confirmations.decide(mail.token(), 'confirm', reader);
        assert.equal(decided?.state, 'confirmed');
        await scene.passUntil(async () => (await only()).order.state === 'active', 'it is issued');
        assert.equal((await only()).authorizations[0]?.provedBy, 'email');
        assert.equal(await scene.sold([name]), 1);
      });

      // Who sent which mail is the vendor's matter: one front door is enough.
      if (customer.door !== 'native') return;

      it('to another mailbox than before: only the newer mail counts', async () => {
        const id = await opened(customer, vendor);
        await customer.choose(id, address);
        await mailTo(address);
        await isShown(customer, id, address);
        const older = mail.token();
        await scene.pass(900);
        const changed = await customer.choose(id, otherAddress);
        assert.ok(customer.isDone(changed), JSON.stringify(changed));
        await mailTo(otherAddress);
        await isShown(customer, id, otherAddress);
        const late = await secondOf().ports.confirmations.decide(older, 'confirm', reader);
        assert.notEqual(late?.state, 'confirmed');
        await secondOf().ports.confirmations.decide(mail.token(), 'confirm', reader);
        await scene.passUntil(async () => (await only()).order.state === 'active', 'it is issued');
      });
    });
  }
}
