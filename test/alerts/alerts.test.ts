/** config/alerts.yml and config/grafana-dashboard.json: rules that promtool takes and has tested, over metrics that a real server shows. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { toolPath } from '../../scripts/test-tools.ts';
import { alarmKeys, runbookOf } from '../../src/domain/alarm.ts';
import { type Metric, metrics } from '../../src/http/metrics/table.ts';
import { metricsDocument } from '../support/metrics-document.ts';
import { startWorld, type World } from '../support/world.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const rules: readonly Rule[] = parse(read('config/alerts.yml')).groups.flatMap(
  (group: { readonly rules: readonly Rule[] }) => group.rules,
);
const panels: readonly Panel[] = JSON.parse(read('config/grafana-dashboard.json')).panels;
const expressions = [
  ...rules.map(({ alert, expr }) => [`the alert ${alert}`, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [`the panel ${title}`, expr] as const)),
];

/** Of the engine that this server does not have. */
const ofPostgres: readonly string[] = [metrics.transactions, metrics.retries, metrics.givenUp].map(({ name }) => name);
/** Made by Prometheus itself. */
const ofPrometheus: readonly string[] = ['up'];

let world: World;
/** The type of each metric on a real `/metrics`. */
let shown: ReadonlyMap<string, string>;
before(async () => {
  world = await startWorld();
  const text = await (await fetch(`${world.url}/metrics`)).text();
  shown = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]));
});
after(() => world.close());

function namesIn(expr: string): readonly string[] {
  const words = expr
    .replace(/\{[^}]*\}|\[[^\]]*\]|\b(by|on|without)\s*\([^)]*\)/g, ' ')
    .match(/\b[a-z]\w*_\w+|\bup\b/g);
  return [...new Set(words ?? [])].filter((name) => !/^(histogram_quantile|predict_linear)$/.test(name));
}

function metricOf(name: string): string {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return shown.get(base) === 'histogram' ? base : name;
}

describe('/metrics of a real server', () => {
  test('has every metric of the table, and none of certmux besides', () => {
    const expected = Object.values(metrics).filter(({ name }) => !ofPostgres.includes(name));
    const own = [...shown].filter(([name]) => name.startsWith('certmux_'));
    assert.deepEqual(own.toSorted(), expected.map(({ name, kind }) => [name, kind] as [string, string]).toSorted());
  });

  test('has every metric that alerts and the dashboard name', () => {
    assert.ok(expressions.length > 40);
    for (const [where, expr] of expressions) {
      const names = namesIn(expr);
      assert.ok(names.length > 0, expr);
      for (const name of names)
        assert.ok(
          shown.has(metricOf(name)) || ofPostgres.includes(name) || ofPrometheus.includes(name),
          `${where}: ${name}`,
        );
    }
  });

  test('has nothing about upstreams and the alias zone that neither an alert nor the dashboard shows', () => {
    const drawn = new Set(expressions.flatMap(([, expr]) => namesIn(expr)).map(metricOf));
    const names = Object.values(metrics).map(({ name }) => name);
    const own = names.filter((name) => /^certmux_(upstream|dns)_/.test(name));
    assert.ok(own.length >= 6);
    assert.deepEqual(
      own.filter((name) => !drawn.has(name)),
      [],
    );
  });

  test('has every label by which they select', () => {
    const labelsOf = new Map<string, readonly string[]>(
      Object.values<Metric>(metrics).map(({ name, labels = [] }) => [name, [...labels, 'le', 'instance', 'job']]),
    );
    for (const [where, expr] of expressions) {
      for (const [, name = '', selectors = ''] of expr.matchAll(/\b(certmux_\w+)\{([^}]*)\}/g)) {
        for (const [, label = ''] of selectors.matchAll(/(\w+)\s*[=!]~?"/g))
          assert.ok(labelsOf.get(metricOf(name))?.includes(label), `${where}: ${name} has no ${label}`);
      }
    }
  });
});

describe('the rules', () => {
  test('are taken by promtool, and do what their unit tests say', () => {
    const run = (...args: readonly string[]) => spawnSync(toolPath('promtool'), args, { cwd: root, encoding: 'utf8' });
    for (const args of [
      ['check', 'rules', 'config/alerts.yml'],
      ['test', 'rules', 'test/alerts/rules.test.yml'],
    ]) {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 0, stdout + stderr);
    }
  });

  test('have a unit test each, in which the alert comes', () => {
    const tests: readonly { alert_rule_test?: readonly { alertname: string; exp_alerts: readonly unknown[] }[] }[] =
      parse(read('test/alerts/rules.test.yml')).tests;
    const raised = tests.flatMap(({ alert_rule_test: all = [] }) => all).filter((one) => one.exp_alerts.length > 0);
    assert.deepEqual(
      [...new Set(raised.map(({ alertname }) => alertname))].toSorted(),
      rules.map(({ alert }) => alert).toSorted(),
    );
  });

  const pages = ['docs/operations.md', 'docs/operations.zh-CN.md'].filter((page) => existsSync(join(root, page)));
  for (const page of pages) {
    test(`and the alarms have a heading each in ${page}, which says what to do`, () => {
      const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => `#${title.toLowerCase()}`);
      const runbooks = [...rules.map(({ annotations }) => annotations.runbook), ...alarmKeys.map(runbookOf)];
      for (const runbook of runbooks) {
        const [file, anchor] = runbook.split(/(?=#)/);
        assert.equal(file, 'docs/operations.md');
        assert.ok(headings.includes(anchor ?? ''), `${page} lacks ${runbook}`);
      }
    });
  }

  test('say how bad it is', () => {
    for (const { alert, labels } of rules) assert.match(labels.severity, /^(critical|warning)$/, alert);
  });
});

test('docs/metrics.md is what the table says: `npm run docs` writes it.', () => {
  assert.equal(read('docs/metrics.md'), metricsDocument());
});
