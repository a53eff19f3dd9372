/** The walk through the httpsok front door, the nginx agent included. */
import { anyone, type DialectWalk, named, ofDoor, ordering, own } from './row.ts';

const configuration = `server {
  listen 443 ssl;
  server_name ho-agent.tenant-a.example;
  ssl_certificate /etc/nginx/a.cer;
  ssl_certificate_key /etc/nginx/a.key;
}`;

export const httpsok: DialectWalk = {
  name: 'httpsok',
  public: {},

  async prepare({ app, ask, goOn }) {
    for (const name of ['ho.tenant-a.example', 'ho-agent.tenant-a.example', 'own.example']) {
      app.checks.place(name, 'dnsCname');
    }
    const { data } = await ask('cert.apply', { domainList: ['ho.tenant-a.example'] });
    const parsed = await ask('agent.preparse', { plainText: configuration });
    const code = String(parsed).split(',')[0] ?? '';
    await ask('agent.check', { code });
    await goOn();
    return { issued: String(data), code, file: `${code}.key` };
  },

  foreign: (_, { issuance }) => ({ issued: String(issuance.number) }),

  rows: {
    'cert.dv': own(ordering, () => ({ domainList: ['own.example'] })),
    'cert.apply': own(ordering, () => ({ domainList: ['own.example'] })),
    'cert.show': ofDoor(ordering, ({ issued: id = '' }) => ({ id })),
    'agent.status': own(anyone),
    'agent.preparse': own(anyone, () => ({ plainText: configuration.replace('tenant-a', 'tenant-b') })),
    'agent.upload': named(anyone, ({ code = '' }) => {
      const form = new FormData();
      form.set('code', code);
      form.set('cert', new File(['no certificate'], 'a.cer'));
      return form;
    }),
    'agent.checkDns': own(ordering, ({ code = '' }) => ({ codes: code })),
    'agent.check': own(ordering, ({ code = '' }) => ({ code })),
    'agent.download': named(ordering, ({ file = '' }) => ({ file })),
    'agent.log': own(anyone, () => ({ type: 'renew', plainText: 'a line' })),
    'agent.done': own(anyone),
    'agent.uninstall': own(anyone),
  },
};
