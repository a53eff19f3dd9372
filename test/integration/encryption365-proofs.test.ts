/**
 * Proofs that are not right and networks that misbehave: the order keeps waiting, its details say what was found, and
 * it is issued once the proof is right.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DcvEntry, OrderDetails } from '../../src/dialects/encryption365/schema.ts';
import { type Customer, createCustomer } from '../support/customer.ts';
import { type NastyBehaviour, nasty } from '../support/nasty-dns.ts';
import { type NastyPage, nastyPages, redirectTo } from '../support/nasty-web.ts';
import { startWorld, type World } from '../support/world.ts';
import { credentialsOf, place, pollUntil, pollUntilIssued, post } from './harness.ts';

let world: World;
let customer: Customer;
before(async () => {
  world = await startWorld();
  customer = await createCustomer(world.url, world.operatorToken, { creditMinor: 100_000_00 });
});
after(() => world.close());

interface Waiting {
  readonly number: number;
  readonly host: string;
  readonly proof: DcvEntry;
  readonly path: string;
}

let hosts = 0;

async function order(method?: 'dns'): Promise<Waiting> {
  hosts++;
  const host = `host${hosts}.example.com`;
  const placed = await place(customer, [host]);
  const number = placed.trustocean_id;
  if (method !== undefined) await customer.client.changeMethod(number, host, method);
  const proof = placed.dcv_info[host] ?? assert.fail();
  return { number, host, proof, path: new URL(proof.http_verifylink).pathname };
}

/** The details once they say what was found; the order is under way as before. */
async function found({ number }: Waiting, message: RegExp): Promise<OrderDetails> {
  const details = await pollUntil(
    customer,
    number,
    (seen) => message.test(seen.message ?? ''),
    `the details say ${message}`,
  ).catch(async (cause) => {
    throw new Error(`the details say ${(await customer.client.order(number)).message}`, { cause });
  });
  assert.equal(details.cert_status, 'enroll_caprocessing');
  assert.deepEqual([details.cert_code, details.expire_at], [null, null]);
  assert.deepEqual(
    Object.values(details.dcv_info).map(({ status }) => status),
    ['needverification'],
  );
  return details;
}

/** The customer mends it, and the order is issued by itself. */
async function issuedOnceRight({ host, path, proof, number }: Waiting): Promise<void> {
  world.dns.set(host, 'A', world.web.address);
  world.web.put(host, path, proof.http_filecontent);
  await pollUntilIssued(customer, number);
}

describe('a file', () => {
  // The customers' web servers are on loopback here, which counts as internal: what they answer is told by its size.
  const wrong = [
    ['that is wrong', 'something else', /的内容不是 "[0-9a-f]{64}\\r\\ncomodoca\.com.*：返回 200，14 字节$/],
    ['that is empty', '', /的内容不是 ".*：返回 200，0 字节$/],
    ['of another order', `${'0'.repeat(64)}\r\ncomodoca.com\r\nabc`, /的内容不是 ".*：返回 200，83 字节$/],
    ['with control characters', '\u001b[31m\u0000red', /的内容不是 ".*：返回 200，9 字节$/],
    ['that is too large', 'x'.repeat(65_537), /的文件超过 65536 字节$/],
  ] as const;
  for (const [what, content, message] of wrong) {
    it(what, async () => {
      const waiting = await order();
      world.dns.set(waiting.host, 'A', world.web.address);
      world.web.put(waiting.host, waiting.path, content);
      const details = await found(waiting, message);
      assert.ok(details.message?.includes(waiting.host), 'and where');
      await issuedOnceRight(waiting);
    });
  }

  it('that is missing', async () => {
    const waiting = await order();
    world.dns.set(waiting.host, 'A', world.web.address);
    await found(
      waiting,
      new RegExp(`^http://${waiting.host}${waiting.path.replaceAll('.', '\\.')} 返回 HTTP 状态码 404$`),
    );
    await issuedOnceRight(waiting);
  });

  it('that an editor changed in line ends and blanks is right all the same', async () => {
    const waiting = await order();
    const content = `\uFEFF${waiting.proof.http_filecontent.replaceAll('\r\n', ' \n')}\n\n`;
    world.dns.set(waiting.host, 'A', world.web.address);
    world.web.put(waiting.host, waiting.path, content);
    await pollUntilIssued(customer, waiting.number);
  });

  it('behind a redirect to another host and to HTTPS is right', async () => {
    const waiting = await order();
    const other = `www.${waiting.host}`;
    for (const host of [waiting.host, other]) world.dns.set(host, 'A', world.web.address);
    world.web.redirect(waiting.host, waiting.path, `https://${other}/moved.txt`, 301);
    world.web.put(other, '/moved.txt', waiting.proof.http_filecontent);
    await pollUntilIssued(customer, waiting.number);
  });
});

describe('a redirect', () => {
  /** Nothing is told of where it leads: that could be a stranger's host, or an internal one. */
  const failed = /^无法从 http:\/\/host\d+\.example\.com\/\S+ 的重定向目标获取文件$/;
  const redirects = [
    ['to a private address', () => 'http://10.0.0.1/x', failed],
    ['to a metadata service', () => 'http://169.254.169.254/latest', failed],
    ['to a name with a private address', () => 'http://inside.example.com/', failed],
    ['to another port', () => 'http://host.example.com:8443/', failed],
    ['to another scheme', () => 'ftp://host.example.com/', failed],
    ['to itself', ({ host, path }: Waiting) => `http://${host}${path}`, /重定向超过 5 次$/],
  ] as const;
  for (const [what, target, message] of redirects) {
    it(what, async () => {
      world.dns.set('inside.example.com', 'A', '192.168.0.1');
      const waiting = await order();
      world.dns.set(waiting.host, 'A', world.web.address);
      world.web.redirect(waiting.host, waiting.path, target(waiting));
      await found(waiting, message);
      world.web.remove(waiting.host, waiting.path);
      await issuedOnceRight(waiting);
    });
  }

  it('from one misbehaving server to the next ends too', async () => {
    const waiting = await order();
    const other = `loop.${waiting.host}`;
    world.serveNasty(waiting.host, redirectTo(`http://${other}/`));
    world.serveNasty(other, redirectTo(`http://${waiting.host}/`));
    await found(waiting, /重定向超过 5 次$/);
  });
});

describe('a web server', () => {
  /** One that refuses, one that is silent and one that speaks another protocol are the same to a customer. */
  const noAnswer = /^http:\/\/host\S+ 未返回可用的应答$/;
  const servers: readonly (readonly [keyof typeof nastyPages, RegExp])[] = [
    ['hang', noAnswer],
    ['dripBody', noAnswer],
    ['dripHeaders', noAnswer],
    ['endlessContinue', noAnswer],
    ['hugeBody', /的文件超过 65536 字节$/],
    ['hugeBodyAnnounced', /的文件超过 65536 字节$/],
    ['hugeErrorPage', /返回 HTTP 状态码 500$/],
    ['hugeHeaders', noAnswer],
    ['reset', noAnswer],
    ['closeAtOnce', noAnswer],
    ['notHttp', noAnswer],
    ['cutBody', noAnswer],
    ['switchProtocols', noAnswer],
    ['forbidden', /返回 HTTP 状态码 403$/],
  ];
  // Side by side: most of them are about waiting.
  it('that misbehaves is survived, whatever it does', async () => {
    await Promise.all(
      servers.map(async ([name, message]) => {
        const waiting = await order();
        const page: NastyPage = nastyPages[name];
        world.serveNasty(waiting.host, page);
        await found(waiting, message);
        await issuedOnceRight(waiting);
      }),
    );
  });

  it('at a private address is not connected to', async () => {
    const waiting = await order();
    world.dns.set(waiting.host, 'A', '192.168.1.1');
    await found(waiting, /^host\d+\.example\.com 没有本服务器可以连接的 IP 地址；如为内网地址/);
    await issuedOnceRight(waiting);
  });

  it('that nobody runs is told without its address', async () => {
    const waiting = await order();
    world.dns.set(waiting.host, 'A', '127.0.0.9');
    await found(waiting, noAnswer);
    await issuedOnceRight(waiting);
  });
});

describe('a resolver', () => {
  const answers: readonly (readonly [what: string, behaviour: NastyBehaviour, message: string])[] = [
    ['SERVFAIL', nasty.serverFailure, `^解析服务器对 HOST 返回 SERVFAIL$`],
    ['REFUSED', nasty.refused, `^解析服务器对 HOST 返回 REFUSED$`],
    ['garbage', nasty.garbage, `^解析服务器对 HOST 的应答无法解析$`],
    ['noise', nasty.noise, `^解析服务器查询 HOST 超时$`],
    ['nothing', nasty.silent, `^解析服务器查询 HOST 超时$`],
    ['an answer to another question', nasty.wrongQuestion, `^解析服务器查询 HOST 超时$`],
    ['an answer from somebody else', nasty.wrongSender, `^解析服务器查询 HOST 超时$`],
    ['a CNAME loop', nasty.cnameLoop, '^HOST 的 CNAME 记录形成循环或链过长$'],
    ['a chain of CNAMEs without end', nasty.longChain, '^HOST 的 CNAME 记录形成循环或链过长$'],
  ];
  it('that misbehaves is survived, whatever it answers', async () => {
    await Promise.all(
      answers.map(async ([, behaviour, message]) => {
        hosts++;
        const host = `dns${hosts}.example.com`;
        world.misbehave(host, behaviour);
        const placed = await place(customer, [host]);
        const proof = placed.dcv_info[host] ?? assert.fail();
        const waiting = { number: placed.trustocean_id, host, proof, path: new URL(proof.http_verifylink).pathname };
        await found(waiting, new RegExp(message.replace('HOST', host.replaceAll('.', '\\.'))));
        world.misbehave(host, undefined);
        await issuedOnceRight(waiting);
      }),
    );
  });

  it('that says NXDOMAIN is quoted', async () => {
    const waiting = await order();
    await found(waiting, new RegExp(`^${waiting.host} 在 DNS 中不存在（NXDOMAIN）$`));
    await issuedOnceRight(waiting);
  });

  it('that knows the name and no address of it is quoted', async () => {
    const waiting = await order();
    world.dns.set(waiting.host, 'TXT', 'hello');
    await found(waiting, new RegExp(`^${waiting.host} 没有本服务器可以连接的 IP 地址；如为内网地址`));
    await issuedOnceRight(waiting);
  });
});

describe('a CNAME, for a customer who said that it is their way', () => {
  const hostOf = ({ proof }: Waiting) => `${proof.dns_host}.${proof.topdomain}`;
  const rightAtLast = async (waiting: Waiting) => {
    world.dns.set(hostOf(waiting), 'CNAME', waiting.proof.dns_value);
    await pollUntilIssued(customer, waiting.number);
  };

  it('that is missing', async () => {
    const waiting = await order('dns');
    await found(waiting, new RegExp(`^${hostOf(waiting)} 在 DNS 中不存在（NXDOMAIN）$`));
    await rightAtLast(waiting);
  });

  it('that is another kind of record', async () => {
    const waiting = await order('dns');
    world.dns.set(hostOf(waiting), 'TXT', waiting.proof.dns_value);
    await found(waiting, new RegExp(`^${hostOf(waiting)} 没有 CNAME 记录$`));
    world.dns.remove(hostOf(waiting), 'TXT');
    await rightAtLast(waiting);
  });

  it('that points elsewhere', async () => {
    const waiting = await order('dns');
    world.dns.set(hostOf(waiting), 'CNAME', 'elsewhere.example.net');
    const message = `^${hostOf(waiting)} 的 CNAME 为 elsewhere\\.example\\.net，应为 ${waiting.proof.dns_value}$`;
    await found(waiting, new RegExp(message));
    await rightAtLast(waiting);
  });

  it('that points elsewhere is told to a customer who said nothing, too', async () => {
    const waiting = await order();
    world.dns.set(hostOf(waiting), 'CNAME', 'elsewhere.example.net');
    await found(waiting, new RegExp(`^${hostOf(waiting)} 的 CNAME 为 elsewhere`));
    await rightAtLast(waiting);
  });

  it('that points at itself', async () => {
    const waiting = await order('dns');
    world.dns.set(hostOf(waiting), 'CNAME', hostOf(waiting));
    await found(waiting, new RegExp(`^${hostOf(waiting)} 的 CNAME 记录形成循环或链过长$`));
    await rightAtLast(waiting);
  });
});

describe('of several names', () => {
  it('the details tell which are proved and what is wrong with the next', async () => {
    const names = ['ok.several.example.com', 'wrong.several.example.com'];
    const placed = await place(customer, names);
    const [, wrong = ''] = names;
    for (const name of names) {
      const proof = placed.dcv_info[name] ?? assert.fail();
      world.dns.set(name, 'A', world.web.address);
      world.web.put(name, new URL(proof.http_verifylink).pathname, name === wrong ? 'oops' : proof.http_filecontent);
    }
    const details = await pollUntil(
      customer,
      placed.trustocean_id,
      ({ message }) => message?.endsWith('返回 200，4 字节') === true,
      'the wrong one is told',
    );
    assert.deepEqual(
      names.map((name) => details.dcv_info[name]?.status),
      ['verified', 'needverification'],
    );
    assert.match(details.message ?? '', /wrong\.several\.example\.com/);
  });
});

describe('the proofs of one order', () => {
  it('are no proofs of another', async () => {
    const theirs = await order();
    const mine = await place(customer, [theirs.host]);
    assert.notEqual(mine.dcv_info[theirs.host]?.http_filecontent, theirs.proof.http_filecontent);
    const stranger = await createCustomer(world.url, world.operatorToken, { name: 'stranger' });
    await issuedOnceRight(theirs);
    const placed = await place(stranger, [theirs.host]);
    const { body } = await post(world, '/cert/challenge', {
      ...credentialsOf(stranger),
      trustocean_id: placed.trustocean_id,
    });
    assert.deepEqual(body, { result: 'success', status: 'success' });
    const details = await pollUntil(
      stranger,
      placed.trustocean_id,
      ({ message }) => message !== null,
      'it was looked at',
    );
    assert.equal(details.cert_status, 'enroll_caprocessing');
    assert.match(details.message ?? '', /404/);
  });
});
