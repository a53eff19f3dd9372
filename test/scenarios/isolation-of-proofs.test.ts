/**
 * What one tenant has placed or sent must give nothing to another: the attacks, through the real front doors over the real core.
 * CSRs are no secret (they lie in mails and panels), and what stands in the DNS is public, old records too.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type FrontDoors, startFrontDoors } from '../support/front-doors.ts';
import { createSubscriber, type Subscriber } from '../support/subscriber.ts';
import { type Body, createTenant, type Tenant } from '../support/tenants.ts';

let doors: FrontDoors;
afterEach(() => doors.app.close());

const victim = 'victim.example';

/** Long enough for every look that comes soon. */
const settled = () => doors.app.advance(120);

const racentProduct = 'comodo-positive-multi-domain';
const administrator = { firstName: 'a', lastName: 'b', email: 'a@example.com' };

function racentOrder(names: readonly string[], csr: string, uniqueValue?: string): Body {
  return {
    productCode: names.some((name) => name.startsWith('*')) ? 'comodo-positivessl-wildcard' : racentProduct,
    years: 1,
    params: {
      csr,
      ...(uniqueValue === undefined ? {} : { uniqueValue }),
      domainInfo: names.map((domainName) => ({ domainName, dcvMethod: 'CNAME_CSR_HASH' })),
      Administrator: administrator,
    },
  };
}

interface Ordered {
  readonly id: string | number;
  /** The CNAME that proves its first name. */
  readonly record: { readonly label: string; readonly target: string };
}

interface Door {
  readonly dialect: string;
  order(tenant: Tenant, names: readonly string[], csr: string, sent?: string): Promise<Ordered>;
  reissue(tenant: Tenant, id: Ordered['id'], names: readonly string[], csr: string): Promise<Ordered>;
  /** Whether there is a certificate, and nothing waits. */
  isIssued(tenant: Tenant, id: Ordered['id']): Promise<boolean>;
  revoke(tenant: Tenant, id: Ordered['id']): Promise<Body>;
  /** The part of the record that the client may send. */
  sentOf(record: Ordered['record']): string;
}

/** Those where a client may send what a proof is made of. */
const racent: Door = {
  dialect: 'racent',
  async order(tenant, names, csr, sent) {
    const reply = await tenant.post('racent', '/ssl/place', racentOrder(names, csr, sent));
    assert.equal(reply.code, 1, JSON.stringify(reply));
    return { id: reply.data.certId, record: { label: reply.data.DCVdnsHost, target: reply.data.DCVdnsValue } };
  },
  async reissue(tenant, certId, names, csr) {
    const { params } = racentOrder(names, csr);
    const reply = await tenant.post('racent', '/ssl/replace', { certId, params });
    assert.equal(reply.code, 1, JSON.stringify(reply));
    return { id: reply.data.certId, record: { label: reply.data.DCVdnsHost, target: reply.data.DCVdnsValue } };
  },
  async isIssued(tenant, certId) {
    const reply = await tenant.post('racent', '/ssl/collect', { certId });
    assert.equal(reply.code, 1, JSON.stringify(reply));
    return reply.status === 'COMPLETE';
  },
  revoke: (tenant, certId) => tenant.post('racent', '/ssl/revoke', { certId, reason: 'keyCompromise' }),
  sentOf: ({ target }) => target.split('.')[2] ?? '',
};

const encryption365: Door = {
  dialect: 'encryption365',
  async order(tenant, names, csr, sent) {
    const fields = { pid: 100, period: 'quarterly', csr_code: csr, domains: names.join(',') };
    const unique = sent === undefined ? {} : { unique_id: sent };
    return e365Ordered(await tenant.post('encryption365', '/cert/create', { ...fields, ...unique }), names);
  },
  async reissue(tenant, id, names, csr) {
    const fields = { trustocean_id: id, csr_code: csr, domains: names.join(',') };
    return e365Ordered(await tenant.post('encryption365', '/cert/reissue', fields), names);
  },
  async isIssued(tenant, id) {
    const reply = await tenant.post('encryption365', '/cert/details', { trustocean_id: id });
    assert.equal(reply.result, 'success', JSON.stringify(reply));
    return reply.cert_status === 'issued_active';
  },
  revoke: (tenant, id) => tenant.post('encryption365', '/cert/revoke', { trustocean_id: id }),
  sentOf: ({ target }) => target.split('.')[2] ?? '',
};

function e365Ordered(reply: Body, [name = '']: readonly string[]): Ordered {
  assert.equal(reply.result, 'success', JSON.stringify(reply));
  const { dns_host, dns_value } = reply.dcv_info[name];
  return { id: reply.trustocean_id, record: { label: dns_host.split('.')[0], target: dns_value } };
}

function placeAt(host: string, { label, target }: Ordered['record']): void {
  doors.app.checks.placeRecord(`${label}.${host}`, target);
}

interface Scene {
  readonly a: Tenant;
  readonly b: Tenant;
  readonly csrOfA: string;
  readonly csrOfB: string;
}

async function open(): Promise<Scene> {
  doors = await startFrontDoors();
  const [a, b] = [await createTenant(doors), await createTenant(doors)];
  const made: readonly Subscriber[] = [await createSubscriber(victim), await createSubscriber(victim)];
  const [csrOfA = '', csrOfB = ''] = made.map(({ csrPem }) => csrPem);
  return { a, b, csrOfA, csrOfB };
}

for (const door of [racent, encryption365]) {
  describe(`through ${door.dialect}`, () => {
    it('the record of one account proves nothing to another that sends the same CSR', async () => {
      const { a, b, csrOfA, csrOfB } = await open();
      const ofA = await door.order(a, [victim], csrOfA);
      placeAt(victim, ofA.record);
      await settled();
      assert.ok(await door.isIssued(a, ofA.id), 'A is issued');
      const ofB = await door.order(b, [victim], csrOfA);
      await settled();
      assert.equal(await door.isIssued(b, ofB.id), false);
      // So there is no proof either that another order of B could use.
      const own = await door.order(b, [victim], csrOfB);
      await settled();
      assert.equal(await door.isIssued(b, own.id), false);
    });

    it('a record whose value a client sent gives certificates for the key of its CSR, and for no other', async () => {
      const { a, b, csrOfA, csrOfB } = await open();
      const ofA = await door.order(a, [victim], csrOfA);
      placeAt(victim, ofA.record);
      await settled();
      // B reads it out of the DNS and sends it with A's CSR: what B gets is for the key that A has.
      const ofB = await door.order(b, [victim], csrOfA, door.sentOf(ofA.record));
      assert.deepEqual(ofB.record, ofA.record, 'it is the very record that stands there');
      await settled();
      assert.ok(await door.isIssued(b, ofB.id), 'A’s own key is certified for whoever sends it');
      // The second step of the attack: B's own key.
      const next = await door.order(b, [victim], csrOfB);
      await settled();
      assert.equal(await door.isIssued(b, next.id), false, 'a new order with B’s key');
      const reissue = await door.reissue(b, ofB.id, [victim], csrOfB);
      await settled();
      assert.equal(await door.isIssued(b, reissue.id), false, 'a reissue with B’s key');
    });

    it('old records of panels that once sent a value prove that key only, in every account', async () => {
      const { a, b, csrOfA, csrOfB } = await open();
      const old = await door.order(a, [victim], csrOfA, 'oldvalue2021');
      placeAt(victim, old.record);
      await settled();
      assert.ok(await door.isIssued(a, old.id));
      // Both may use the same value, and neither hears that the other did.
      const ofB = await door.order(b, [victim], csrOfA, 'oldvalue2021');
      await settled();
      assert.ok(await door.isIssued(b, ofB.id));
      for (const tenant of [a, b]) {
        const other = await door.order(tenant, [victim], csrOfB);
        await settled();
        assert.equal(await door.isIssued(tenant, other.id), false);
      }
      // The same key again needs no second look: also where the record is gone.
      const again = await door.order(b, [victim], csrOfA);
      await settled();
      assert.ok(await door.isIssued(b, again.id), 'the same account, name and key');
    });

    it('a record at a parent whose value a client sent proves the name that was asked for, and no other', async () => {
      const { b, csrOfA } = await open();
      const ofB = await door.order(b, [`www.${victim}`], csrOfA, 'oldvalue2021');
      placeAt(victim, ofB.record);
      await settled();
      assert.ok(await door.isIssued(b, ofB.id));
      doors.app.checks.forget();
      for (const name of [victim, `a.www.${victim}`, `*.www.${victim}`, `mail.${victim}`]) {
        const other = await door.order(b, [name], csrOfA);
        await settled();
        assert.equal(await door.isIssued(b, other.id), false, name);
      }
      const same = await door.order(b, [`www.${victim}`], csrOfA);
      await settled();
      assert.ok(await door.isIssued(b, same.id), 'the same name');
    });

    it('a value that a client sent validates no domain of the account, and none of its names in other front doors', async () => {
      const { b, csrOfA, csrOfB } = await open();
      const added = await b.post('digicert', '/services/v2/domain', { name: victim, dcv_method: 'dns-txt-token' });
      assert.ok(Number.isInteger(added.id), JSON.stringify(added));
      const ofB = await door.order(b, [victim], csrOfA, 'oldvalue2021');
      placeAt(victim, ofB.record);
      await settled();
      assert.ok(await door.isIssued(b, ofB.id));
      const domain = await b.get('digicert', `/services/v2/domain/${added.id}?include_dcv=true`);
      assert.deepEqual([domain.status, domain.dcv_token.status], ['pending', 'pending']);
      const native = await b.post('native', '/api/v1/orders', {
        productCode: `${door.dialect}:${door.dialect === 'racent' ? racentProduct : '100'}`,
        csr: csrOfB,
        names: [victim],
      });
      await settled();
      const shown = await b.get('native', `/api/v1/orders/${native.id}`);
      assert.equal(shown.state, 'open', `${JSON.stringify(native)} ${JSON.stringify(shown)}`);
    });

    it('certificates of another account for the same key are not seen and not revoked', async () => {
      const { a, b, csrOfA } = await open();
      const ofA = await door.order(a, [victim], csrOfA);
      placeAt(victim, ofA.record);
      await settled();
      const ofB = await door.order(b, [victim], csrOfA, door.sentOf(ofA.record));
      await settled();
      assert.ok(await door.isIssued(b, ofB.id));
      const stranger = await door.revoke(b, ofA.id);
      assert.notEqual(stranger.code ?? stranger.result, door === racent ? 1 : 'success', JSON.stringify(stranger));
      assert.ok(await door.isIssued(a, ofA.id));
    });
  });
}

describe('through racent, who sends no value', () => {
  it('may place the record before the order: it is told by the check, and stays the same for account and CSR', async () => {
    const { a, csrOfA, csrOfB } = await open();
    const names = [victim, `b.${victim}`];
    const checked = await a.post('racent', '/ssl/validate', racentOrder(names, csrOfA));
    assert.equal(checked.code, 1);
    placeAt(victim, { label: checked.data.DCVdnsHost, target: checked.data.DCVdnsValue });
    const { certId, ...placed } = (await a.post('racent', '/ssl/place', racentOrder(names, csrOfA))).data;
    const { vendorId, vendorCertId, orderNum, ...fields } = placed;
    assert.deepEqual([Number(vendorId) > 0, vendorCertId, orderNum], [true, '', vendorId]);
    assert.deepEqual(fields, checked.data, 'with the fields of each name');
    await settled();
    assert.ok(await racent.isIssued(a, certId), 'issued with what stood there before');
    // A reissue of the same CSR is asked for by the same record; another CSR has another.
    const reissued = (await a.post('racent', '/ssl/reissue', { certId, reason: 'test' })).data;
    assert.equal(reissued.DCVdnsValue, checked.data.DCVdnsValue);
    const collected = (await a.post('racent', '/ssl/collect', { certId: reissued.certId })).data;
    assert.equal(collected.DCVdnsValue, checked.data.DCVdnsValue);
    assert.equal(collected.applyParams.uniqueValue, undefined, 'nobody sent it');
    const other = await a.post('racent', '/ssl/validate', racentOrder(names, csrOfB));
    assert.notEqual(other.data.DCVdnsValue.split('.')[2], checked.data.DCVdnsValue.split('.')[2]);
    // Of a key that would only be made with the order there is nothing to tell.
    const unknown = await a.post('racent', '/ssl/validate', racentOrder(names, ''));
    assert.deepEqual([unknown.code, new Set(Object.values(unknown.data))], [1, new Set([''])]);
  });

  it('has a proof that serves every later key of the account, as any other does', async () => {
    const { a, csrOfA, csrOfB } = await open();
    const first = await racent.order(a, [victim], csrOfA);
    placeAt(victim, first.record);
    await settled();
    const second = await racent.order(a, [`www.${victim}`], csrOfB);
    await settled();
    assert.ok(await racent.isIssued(a, second.id));
  });
});

describe('the references of orders', () => {
  it('lead to the orders of one’s own account: a certId of another tenant is unknown', async () => {
    const { a, b, csrOfA } = await open();
    const ofA = await racent.order(a, [victim], csrOfA);
    const reply = await b.post('racent', '/ssl/collect', { certId: ofA.id });
    const never = await b.post('racent', '/ssl/collect', { certId: '260101aaaaaaaaaa' });
    assert.deepEqual([reply.code, never.code], [-1, -1]);
    const said = (text: string, id: unknown) => text.replaceAll(String(id), '…');
    assert.equal(
      said(JSON.stringify(reply.errors), ofA.id),
      said(JSON.stringify(never.errors), '260101aaaaaaaaaa'),
      'in the same words',
    );
  });

  it('that a client sends are used up in its account alone', async () => {
    const { a, b, csrOfA, csrOfB } = await open();
    await encryption365.order(a, [victim], csrOfA, 'sharedvalue1');
    await encryption365.order(b, [victim], csrOfB, 'sharedvalue1');
    const fields = { pid: 100, csr_code: csrOfB, domains: victim, unique_id: 'sharedvalue1' };
    const again = await a.post('encryption365', '/cert/create', fields);
    assert.match(again.message, /sharedvalue1/);
  });
});
