/** The walk through the native API. */
import {
  administrators,
  anyone,
  approving,
  type DialectWalk,
  type Door,
  managing,
  named,
  operators,
  ordering,
  own,
  proving,
  registering,
  unique,
} from './row.ts';

/** Hashes of keys that no order here has: one that is blocked in the tenant's account, and one that is not. */
const blockedKey = 'ab'.repeat(32);
const otherKey = 'cd'.repeat(32);

const product = { dialect: 'encryption365', code: 'paid' } as const;
const details = { name: 'tenant-a Ltd', city: 'Berlin', state: 'BE', country: 'DE' };

async function place({ ask, csrPem }: Door, ...names: readonly string[]): Promise<string> {
  const order = await ask('orders.place', { productCode: 'encryption365:paid', csr: csrPem, names });
  return String(order.number);
}

export const native: DialectWalk = {
  name: 'native',
  public: {
    'openapi.show': 'the description of the API',
    'orders.shared': 'a link that its account has sent: the names, what to place for them, and nothing of the account',
    'session.create': 'a name and a password are needed; the answer is what they open',
    'keys.report': 'a report that the key itself has signed: the hash of that key is all that is told',
  },

  async prepare(door) {
    const { ask, prove, goOn } = door;
    const account = String((await ask('me.show', {})).account.number);
    const user = await ask('users.create', { username: 'viewer@tenant-a.example', roles: ['viewer'] });
    const credential = (await ask('credentials.create', { label: 'tenant-a', roles: ['viewer'] })).credential;
    const acmeKeyRequest = { name: 'tenant-a ACME key', productCode: 'encryption365:paid' };
    const acmeKey = (await ask('acmeKeys.create', acmeKeyRequest)).key;
    const organization = await ask('organizations.add', { details, levels: ['ov'] });
    const spare = await ask('organizations.add', { details: { ...details, name: 'tenant-a spare' } });
    const container = await ask('containers.add', { name: 'tenant-a container' });
    const field = await ask('customFields.add', { label: 'tenant-a native field', kind: 'text', isRequired: false });
    const webhook = await ask('webhooks.add', { url: 'https://hooks.tenant-a.example/' });
    prove('issued.tenant-a.example', 'other.tenant-a.example');
    const pending = await place(door, 'a.pending.tenant-a.example', 'b.pending.tenant-a.example');
    const issued = await place(door, 'issued.tenant-a.example');
    const other = await place(door, 'other.tenant-a.example');
    await goOn();
    const certificateOf = async (order: string) =>
      String((await ask('orders.show', { order })).certificate?.number ?? 'none');
    const [delivery] = (await ask('webhooks.deliveries', {})).items;
    await ask('keys.block', { key: blockedKey, note: 'tenant-a' });
    const domain = await ask('domains.add', { name: 'tenant-a.example' });
    const goingDomain = await ask('domains.add', { name: 'going.tenant-a.example' });
    const note = await ask('notes.add', { order: issued, text: 'tenant-a note' });
    const goingNote = await ask('notes.add', { order: issued, text: 'tenant-a note that goes' });
    const withoutCsr = await ask('orders.place', {
      productCode: 'encryption365:years',
      names: ['csr.tenant-a.com'],
    });
    const given = await place(door, 'withdrawn.tenant-a.example');
    const grant = await ask('roleGrants.propose', { user: user.id, roles: ['viewer', 'userManager'] });
    const leaving = await ask('users.create', { username: 'going@tenant-a.example', roles: ['viewer'] });
    const username = 'signed-in@tenant-a.example';
    const password = 'a walk in the park';
    await ask('users.create', { username, password, roles: ['viewer'] });
    const origin = { address: '192.0.2.7', requestId: 'request-of-walk' };
    const { signIn } = door.app.ports;
    const { session } = await signIn.createSession({ dialect: 'native', username, password }, origin);
    const second = await ask('users.create', { username: 'second@tenant-a.example', roles: ['viewer'] });
    const otherGrant = await ask('roleGrants.propose', { user: second.id, roles: ['viewer', 'userManager'] });
    return {
      account,
      user: user.id,
      leaving: leaving.id,
      session: session.id,
      username: user.username,
      acmeKey: acmeKey.id,
      acmeKeyNumber: String(acmeKey.number),
      credential: credential.id,
      credentialNumber: String(credential.number),
      organization: organization.id,
      spare: spare.id,
      container: container.id,
      containerNumber: String(container.number),
      field: field.id,
      webhook: webhook.id,
      webhookNumber: String(webhook.number),
      delivery: delivery.id,
      pending,
      issued,
      issuedId: (await ask('orders.show', { order: issued })).id,
      certificate: await certificateOf(issued),
      otherCertificate: await certificateOf(other),
      authorization: (await ask('authorizations.list', { order: pending })).items[0].id,
      grant: grant.id,
      otherGrant: String(otherGrant.number),
      domain: String(domain.number),
      goingDomain: goingDomain.id,
      note: String(note.number),
      goingNote: goingNote.id,
      withoutCsr: String(withoutCsr.number),
      withdrawn: given,
    };
  },

  async prepareWaiting(door) {
    const orders = [];
    for (const name of ['w1', 'w2', 'w3', 'w4', 'w5']) orders.push(await place(door, `${name}.tenant-a.example`));
    const requests = (await door.ask('approvals.list', { waiting: 'true' })).items;
    const requestOf = (order: string | undefined): string =>
      String(requests.find(({ orderNumber }: { orderNumber: number }) => String(orderNumber) === order)?.number);
    const [approvedOrder = '', rejectedOrder = '', third, fourth, fifth] = orders;
    const ids = { approval: requestOf(third), otherApproval: requestOf(fourth), withdrawnApproval: requestOf(fifth) };
    return { approvedOrder, rejectedOrder, ...ids };
  },

  rows: {
    'me.show': own(anyone),
    // These keys are nobody's, who chooses nothing and has no session.
    'me.change': named(anyone, () => ({ language: 'zh' }), { answers: 'notFound' }),
    'me.views': own(anyone),
    'me.putViews': named(anyone, () => ({ views: [] }), { answers: 'notFound' }),
    'session.end': own(anyone, () => ({}), { answers: 'forbidden', stranger: 'forbidden' }),
    'session.confirm': own(anyone, () => ({ password: 'a walk in the park' }), {
      answers: 'forbidden',
      stranger: 'forbidden',
    }),
    'sessions.list': named(managing, ({ user }) => ({ user })),
    'sessions.end': named(managing, ({ session }) => ({ session })),
    'accounts.list': operators(),
    'accounts.create': operators(() => ({ name: 'another' })),
    'accounts.show': named(anyone, ({ account }) => ({ account })),
    'accounts.change': operators(({ account }) => ({ account, contactEmail: 'certs@example.net' })),
    'accounts.credit': operators(({ account }) => ({ account, minor: 100, currency: 'CNY', note: '' })),
    'accounts.webhookSecret': named(administrators, ({ account }) => ({ account })),
    'accounts.ledger': named(anyone, ({ account }) => ({ account })),
    'prices.list': named(anyone, ({ account }) => ({ account })),
    'prices.history': named(anyone, ({ account }) => ({ account })),
    'prices.set': operators(({ account }) => ({ account, ...product, fqdnMinor: 1, wildcardMinor: 2, ipMinor: 3 })),
    'prices.remove': operators(({ account }) => ({ account, ...product })),
    'reports.months': own(anyone),
    'users.list': own(anyone),
    'users.create': own(managing, () => ({ username: `${unique()}@example.net`, roles: ['viewer'] })),
    'users.show': named(anyone, ({ user }) => ({ user })),
    'users.change': named(managing, ({ username }) => ({ user: username, person: { firstName: 'Jill' } })),
    'users.invite': named(managing, ({ user }) => ({ user, showLink: true })),
    'passwords.set': named(managing, ({ user }) => ({ user, password: 'a walk in the park' })),
    'passwords.reset': named(managing, ({ user }) => ({ user, showLink: true })),
    // These keys are nobody's, and have no password.
    'passwords.change': named(anyone, () => ({ present: 'is not this one', password: 'a walk in the park' }), {
      answers: 'notFound',
    }),
    'users.disable': named(managing, ({ user }) => ({ user })),
    'users.enable': named(managing, ({ user }) => ({ user })),
    'users.remove': named(managing, ({ leaving: user }) => ({ user })),
    'acmeKeys.list': own(anyone),
    'acmeKeys.create': own(administrators, () => ({ name: unique(), productCode: 'encryption365:paid' })),
    'acmeKeys.show': named(anyone, ({ acmeKeyNumber: key }) => ({ key })),
    'acmeKeys.change': named(administrators, ({ acmeKeyNumber: key }) => ({ key, names: ['tenant-a.example'] })),
    'acmeKeys.revoke': named(administrators, ({ acmeKey: key }) => ({ key })),
    'credentials.list': own(managing),
    'credentials.show': named(managing, ({ credential }) => ({ credential })),
    'credentials.create': own(managing),
    'credentials.change': named(managing, ({ credentialNumber: credential }) => ({ credential, label: 'other' })),
    'credentials.revoke': named(managing, ({ credential }) => ({ credential })),
    'roleGrants.list': own(managing),
    'roleGrants.propose': named(managing, ({ username }) => ({ user: username, roles: ['viewer'] }), {
      answers: 'conflict',
    }),
    // The administrator of the walk has proposed it.
    'roleGrants.confirm': named(administrators, ({ grant }) => ({ grant }), { answers: 'forbidden' }),
    'roleGrants.withdraw': named(managing, ({ otherGrant: grant }) => ({ grant })),
    'organizations.list': own(anyone),
    'organizations.add': own(registering, () => ({ details: { ...details, name: `other ${unique()}` } })),
    'organizations.show': named(anyone, ({ organization }) => ({ organization })),
    'organizations.ask': named(registering, ({ organization }) => ({ organization, levels: ['ev'] })),
    'organizations.verify': operators(({ organization }) => ({ organization, level: 'ov', note: 'x' })),
    'organizations.reject': operators(({ organization }) => ({ organization, level: 'ev', note: 'x' })),
    'organizations.activate': named(registering, ({ organization }) => ({ organization })),
    'organizations.deactivate': named(registering, ({ organization }) => ({ organization })),
    'organizations.remove': named(registering, ({ spare: organization }) => ({ organization })),
    'containers.list': own(anyone),
    'containers.add': named(administrators, ({ container: parent }) => ({ parent, name: 'below' })),
    'containers.change': named(administrators, ({ container }) => ({ container, description: 'changed' })),
    'customFields.list': own(anyone),
    'customFields.add': own(administrators, () => ({ label: `field ${unique()}`, kind: 'text', isRequired: false })),
    'customFields.change': named(administrators, ({ field }) => ({ field, isRequired: false })),
    'products.list': own(anyone),
    'products.show': own(anyone, () => ({ dialect: 'encryption365', code: 'paid' })),
    'products.change': operators(() => ({ dialect: 'encryption365', code: 'paid', name: 'paid' })),
    'refunds.list': own(anyone),
    'refunds.create': operators(({ issued: order }) => ({ order, note: 'agreed' })),
    'orders.list': own(anyone),
    'orders.place': named(ordering, ({ containerNumber: container, csr = '' }) => ({
      productCode: 'encryption365:paid',
      csr,
      names: [`${unique()}.placed.example`],
      container,
    })),
    'orders.show': named(anyone, ({ issuedId: order }) => ({ order })),
    'orders.timeline': named(anyone, ({ issued: order }) => ({ order })),
    'orders.share': named(ordering, ({ issued: order }) => ({ order })),
    'orders.shares': named(anyone, ({ issued: order }) => ({ order })),
    'orders.unshare': named(ordering, ({ issued: order }) => ({ order })),
    'orders.dryRun': named(ordering, ({ containerNumber: container, csr = '' }) => ({
      productCode: 'encryption365:paid',
      csr,
      names: ['dry.tenant-a.example'],
      container,
    })),
    'orders.approve': named(approving, ({ approvedOrder: order }) => ({ order })),
    'orders.reject': named(approving, ({ rejectedOrder: order }) => ({ order })),
    'orders.check': named(ordering, ({ pending: order }) => ({ order })),
    'orders.chooseMethod': named(ordering, ({ pending: order }) => ({
      order,
      name: 'a.pending.tenant-a.example',
      method: 'httpFile',
    })),
    'orders.removeNames': named(ordering, ({ pending: order }) => ({ order, names: ['b.pending.tenant-a.example'] })),
    'orders.change': named(ordering, ({ issued: order }) => ({ order, reference: 'tenant-a reference' })),
    'orders.provideCsr': named(ordering, ({ withoutCsr: order, csr = '' }) => ({ order, csr })),
    'orders.duplicate': named(ordering, ({ issued: order, csr = '' }) => ({ order, csr })),
    'orders.issuances': named(anyone, ({ issued: order }) => ({ order })),
    'orders.withdraw': named(ordering, ({ withdrawn: order }) => ({ order })),
    'notes.list': named(anyone, ({ issued: order }) => ({ order })),
    'notes.add': named(ordering, ({ issued: order }) => ({ order, text: unique() })),
    // Its author, who is the administrator here.
    'notes.change': named(administrators, ({ issued: order, note }) => ({ order, note, text: unique() })),
    'notes.remove': named(administrators, ({ issued: order, goingNote: note }) => ({ order, note })),
    'notes.history': named(anyone, ({ issued: order }) => ({ order })),
    'checks.ofOrder': named(anyone, ({ issued: order }) => ({ order })),
    'checks.ofAuthorization': named(anyone, ({ authorization }) => ({ authorization })),
    'search.find': own(anyone, () => ({ q: 'tenant-a' })),
    'domains.list': own(anyone),
    'domains.add': own(registering, () => ({ name: `${unique()}.example` })),
    'domains.show': named(anyone, ({ domain }) => ({ domain })),
    'domains.check': named(proving, ({ domain }) => ({ domain })),
    'domains.chooseMethod': named(registering, ({ domain }) => ({ domain, method: 'dnsTxt' })),
    'domains.renew': named(registering, ({ domain }) => ({ domain })),
    'domains.activate': named(registering, ({ domain }) => ({ domain })),
    'domains.deactivate': named(registering, ({ domain }) => ({ domain })),
    'delegations.check': own(proving, () => ({ names: [`${unique()}.example`] })),
    'domains.remove': named(registering, ({ goingDomain: domain }) => ({ domain })),
    'orders.cancel': named(ordering, ({ pending: order }) => ({ order })),
    'orders.dryRunReissue': named(ordering, ({ issued: order, csr = '' }) => ({ order, csr })),
    'orders.reissue': named(ordering, ({ issued: order, csr = '' }) => ({ order, csr })),
    'orders.revoke': named(ordering, ({ issued: order }) => ({ order, reason: 'superseded' })),
    'approvals.list': own(anyone),
    'approvals.withdraw': named(ordering, ({ withdrawnApproval: approval }) => ({ approval })),
    'authorizations.list': own(anyone),
    'authorizations.show': named(anyone, ({ authorization }) => ({ authorization })),
    'authorizations.deactivate': named(proving, ({ authorization }) => ({ authorization })),
    'upstreams.list': operators(),
    'upstreams.orders': operators(),
    // Nothing was bought here.
    'upstreams.order': operators(() => ({ issuance: 'iss_none' }), { answers: 'notFound' }),
    'upstreams.costs': operators(),
    'upstreams.resolve': operators(() => ({ issuance: 'iss_none', reference: null }), { answers: 'notFound' }),
    // There is no upstream here to be called again.
    'upstreams.closeBreaker': operators(() => ({ upstream: 'none' }), { answers: 'notFound' }),
    'upstreams.show': operators(() => ({ upstream: 'none' }), { answers: 'notFound' }),
    'upstreams.check': operators(() => ({ upstream: 'none' }), { answers: 'notFound' }),
    'upstreams.changeKey': operators(() => ({ upstream: 'none' }), { answers: 'notFound' }),
    'upstreams.test': operators(() => ({ upstream: 'none', name: 'a.example.com', account: 'none' }), {
      answers: 'notFound',
    }),
    'approvals.show': named(anyone, ({ approval }) => ({ approval })),
    'approvals.approve': named(approving, ({ approval }) => ({ approval })),
    'approvals.reject': named(approving, ({ otherApproval: approval }) => ({ approval })),
    'webhooks.list': own(anyone),
    'webhooks.show': named(anyone, ({ webhookNumber: webhook }) => ({ webhook })),
    'webhooks.add': own(administrators, () => ({ url: 'https://hooks.example.net/' })),
    'webhooks.change': named(administrators, ({ webhookNumber: webhook }) => ({ webhook, state: 'active' })),
    'webhooks.deliveries': own(anyone),
    'webhooks.replay': named(administrators, ({ delivery }) => ({ delivery })),
    'webhooks.replayFailed': named(administrators, ({ webhookNumber: webhook }) => ({ webhook })),
    'webhooks.test': named(administrators, ({ webhookNumber: webhook }) => ({ webhook })),
    'webhooks.remove': named(administrators, ({ webhook }) => ({ webhook })),
    'certificates.list': own(anyone),
    'certificates.show': named(anyone, ({ certificate }) => ({ certificate })),
    'certificates.download': named(anyone, ({ certificate }) => ({ certificate })),
    'certificates.revoke': named(ordering, ({ otherCertificate: certificate }) => ({
      certificate,
      reason: 'superseded',
    })),
    // Its customer has the key.
    'certificates.privateKey': named(ordering, ({ certificate }) => ({ certificate }), { answers: 'notFound' }),
    'keys.blocked': own(anyone),
    'keys.block': own(administrators, () => ({ key: otherKey })),
    'keys.unblock': named(administrators, () => ({ key: blockedKey })),
    'keys.import': own(administrators, () => ({ text: otherKey })),
    // Those of the caller's account, whoever else uses the key.
    'keys.certificates': own(anyone, ({ csr }) => ({ key: csr })),
    'keys.revokeCertificates': own(ordering, () => ({ key: otherKey })),
    'events.list': own(approving),
    // From now on: `test/app/following/changes.test.ts` has whose changes a stream names.
    'stream.open': own(anyone),
    'bulk.act': own(ordering, () => ({ action: 'orders.check', ids: ['99'] })),
    'authorities.list': own(anyone),
    'authorities.publishCrl': operators(() => ({ authority: 'ca_none' }), { answers: 'notFound' }),
    'authorities.requests': operators(),
    'authorities.request': operators(() => ({ commonName: 'Walked TLS CA' })),
    'authorities.withdraw': operators(() => ({ request: 'ca_none' }), { answers: 'notFound' }),
    'authorities.install': operators(
      () => ({ files: [{ name: 'ca.pem', pem: '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n' }] }),
      {
        answers: 'invalidField',
      },
    ),
    'authorities.uploadList': operators(() => ({ authority: 'ca_none', list: 'MAA=' }), { answers: 'notFound' }),
    'authorities.exportKey': operators(() => ({ authority: 'ca_none', passphrase: 'correct horse' }), {
      answers: 'notFound',
    }),
    'authorities.removeKey': operators(() => ({ authority: 'ca_none', signature: 'MAA=' }), { answers: 'notFound' }),
    'authorities.plan': operators(),
    'authorities.roll': operators(() => ({ authority: 'ca_none' }), { answers: 'notFound' }),
    'authorities.revoke': operators(() => ({ authority: 'ca_none', reason: 'superseded' }), { answers: 'notFound' }),
    'authorityImport.addSerials': operators(() => ({ upload: 'ca_none', serials: [] }), { answers: 'notFound' }),
    'authorityImport.examine': operators(() => ({ key: 'none' }), { answers: 'badKey' }),
    'authorityImport.take': operators(() => ({ key: 'none' }), { answers: 'badKey' }),
    'authorityImport.revokeSerial': operators(() => ({ authority: 'ca_none', serial: '01' }), { answers: 'notFound' }),
    'statistics.home': own(anyone),
    'statistics.issuance': own(anyone),
    'statistics.failures': own(anyone),
    'statistics.expiry': own(anyone),
    'statistics.revenue': own(anyone),
    'statistics.rebuild': operators(),
    'profiles.list': own(anyone),
    'issuers.list': operators(),
    'server.show': operators(),
    'jobs.failed': operators(),
    'jobs.list': operators(),
    'jobs.retry': operators(() => ({ job: 'job_none' }), { answers: 'notFound' }),
    'jobs.discard': operators(() => ({ job: 'job_none' }), { answers: 'notFound' }),
    'jobs.retryAll': operators(() => ({ kind: 'deliver' })),
    'jobs.discardAll': operators(() => ({ kind: 'deliver' })),
    'alarms.list': operators(),
    'mail.test': operators(() => ({ address: 'admin@tenant-a.example' }), { answers: 'unsupported' }),
    'setup.show': operators(),
    'setup.confirm': operators(() => ({ step: 'address' })),
    'mail.stopped': operators(),
    'mail.stop': operators(() => ({ address: 'admin@tenant-a.example' })),
    'mail.lift': operators(() => ({ address: 'admin@tenant-a.example' })),
    'keyEncryption.show': operators(),
    'keyEncryption.rotate': operators(),
  },
};
