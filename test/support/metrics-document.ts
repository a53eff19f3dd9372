/** docs/metrics.md: every metric, from the table that `/metrics` is made from. `npm run docs` writes it. */
import { type Metric, metrics } from '../../src/http/metrics/table.ts';

const introduction = `# Metrics

What \`/metrics\` shows, besides the metrics of Node itself (\`process_…\`, \`nodejs_…\`). \`config/grafana-dashboard.json\` draws them and
\`config/alerts.yml\` has the alerts; [operations](operations.md#watching) says what to do about each. This page is made from
\`src/http/metrics/table.ts\` by \`npm run docs\`.

**Counted by each process**: add them up over all instances, \`sum(rate(…))\`. With several threads the process that owns the database counts
for all of them. **Of the whole installation**: read from the database, so that every node shows the same; take \`max(…)\`. Reading them costs a
few look-ups in indexes however many orders there are, and at most once in some seconds.`;

export function metricsDocument(): string {
  const all: readonly Metric[] = Object.values(metrics);
  return `${[
    introduction,
    '## Counted by each process',
    table(all.filter(({ of }) => of === 'process')),
    '## Of the whole installation',
    table(all.filter(({ of }) => of === 'installation')),
  ].join('\n\n')}\n`;
}

function table(rows: readonly Metric[]): string {
  const lines = rows.map(({ name, kind, labels = [], help }) => {
    const labelled = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${kind} | ${labelled} | ${help} |`;
  });
  return ['| metric | kind | labels | meaning |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
