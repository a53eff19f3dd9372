/** What the DNS server of the alias zone counts, on `/metrics`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createMeter } from '../../src/http/metrics/meter.ts';
import { createAliasStage, overTcp, overUdp, queryOf } from '../support/alias-server.ts';

test('answers and what gets none are counted by transport, and are there before the first', async () => {
  const registry = new Registry();
  const meter = createMeter(registry);
  const linesOf = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('certmux_dns_'));
  assert.ok((await linesOf()).includes('certmux_dns_dropped_total{transport="udp",reason="rate"} 0'));
  const { answer } = createAliasStage({ meter, perSecond: 1, live: { 'one.acme.example.com': ['text'] } });
  for (let index = 0; index < 3; index++) await answer(queryOf('one.acme.example.com', 'TXT'), overUdp);
  await answer(queryOf('other.acme.example.com', 'TXT'), overTcp);
  await answer(Buffer.alloc(3), overTcp);
  const lines = await linesOf();
  for (const line of [
    'certmux_dns_answers_total{transport="udp",result="NOERROR"} 1',
    'certmux_dns_answers_total{transport="udp",result="truncated"} 1',
    'certmux_dns_answers_total{transport="tcp",result="NXDOMAIN"} 1',
    'certmux_dns_dropped_total{transport="udp",reason="rate"} 1',
    'certmux_dns_dropped_total{transport="tcp",reason="unreadable"} 1',
  ]) {
    assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
  }
});
