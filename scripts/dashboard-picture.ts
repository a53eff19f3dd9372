/**
 * `node scripts/dashboard-picture.ts http://127.0.0.1:9090 docs/images/dashboard.svg --minutes 10`: draws config/grafana-dashboard.json as
 * an SVG, with what a Prometheus answers to its queries. For the documentation; Grafana draws the same panels for a person.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomically } from '../src/system/index.ts';

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}
interface Panel {
  readonly type: 'row' | 'stat' | 'timeseries';
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit: string;
      readonly thresholds?: { readonly steps: readonly { readonly color: string; readonly value: number | null }[] };
    };
  };
  readonly targets?: readonly Target[];
}
interface Series {
  readonly name: string;
  readonly points: readonly (readonly [atSeconds: number, value: number])[];
}
/** Of `/api/v1/query_range`. */
type Answer =
  | { readonly status: 'error'; readonly error: string }
  | {
      readonly status: 'success';
      readonly data: {
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly values: readonly (readonly [atSeconds: number, value: string])[];
        }[];
      };
    };
interface Range {
  readonly from: number;
  readonly to: number;
}

const { values: flags, positionals } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    until: { type: 'string' },
    rate: { type: 'string', default: '1m' },
  },
  allowPositionals: true,
});
const [prometheus, output] = positionals;
if (prometheus === undefined || output === undefined)
  throw new Error('name the address of a Prometheus and the file to write');

/** Sizes of Grafana's grid, in pixels. */
const column = 58;
const line = 30;
const width = 24 * column;
const colors = ['#3274d9', '#37872d', '#e0b400', '#c4162a', '#8f3bb8', '#fa6400', '#0aa1a1', '#7c7f88'];

async function query(range: Range, { expr, legendFormat }: Target): Promise<readonly Series[]> {
  const url = new URL('/api/v1/query_range', prometheus);
  const step = Math.max(5, Math.round((range.to - range.from) / 120));
  url.search = new URLSearchParams({
    query: expr.replaceAll('$__rate_interval', flags.rate),
    start: String(range.from),
    end: String(range.to),
    step: String(step),
  }).toString();
  const answer: Answer = JSON.parse(await (await fetch(url)).text());
  if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
  return answer.data.result.map(({ metric, values }) => ({
    name: legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
    points: values.map(([at, value]) => [at, Number(value)] as const).filter(([, value]) => Number.isFinite(value)),
  }));
}

async function draw(panel: Panel, range: Range): Promise<string> {
  const { x, y, w, h } = panel.gridPos;
  const box = { x: x * column, y: y * line, w: w * column, h: h * line };
  if (panel.type === 'row') return text(box.x + 8, box.y + 20, panel.title, 'row');
  const series = (await Promise.all((panel.targets ?? []).map((target) => query(range, target)))).flat();
  const frame = `<rect x="${box.x + 3}" y="${box.y + 3}" width="${box.w - 6}" height="${box.h - 6}" rx="3" class="panel"/>`;
  const title = text(box.x + 12, box.y + 22, panel.title, 'title');
  const inner = { x: box.x + 12, y: box.y + 34, w: box.w - 24, h: box.h - 46 };
  const unit = panel.fieldConfig?.defaults.unit ?? 'short';
  const drawn = panel.type === 'stat' ? stat(panel, series, inner) : lines(series, { inner, unit, range });
  return [frame, title, drawn].join('\n');
}

interface Inner {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function stat({ fieldConfig }: Panel, series: readonly Series[], { x, y, w, h }: Inner): string {
  const value = series[0]?.points.at(-1)?.[1];
  const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
  const step = steps.findLast(({ value: from }) => from === null || (value ?? 0) >= from);
  const color = step?.color === 'red' ? '#c4162a' : step?.color === 'green' ? '#37872d' : '#3274d9';
  const shown = value === undefined ? 'no data' : inUnit(value, fieldConfig?.defaults.unit ?? 'short');
  return `<text x="${x + w / 2}" y="${y + h / 2 + 10}" class="stat" style="fill: ${color}">${escaped(shown)}</text>`;
}

function lines(
  series: readonly Series[],
  { inner, unit, range }: { readonly inner: Inner; readonly unit: string; readonly range: Range },
): string {
  const some = series.filter(({ points }) => points.length > 0).slice(0, colors.length);
  if (some.length === 0)
    return `<text x="${inner.x + inner.w / 2}" y="${inner.y + inner.h / 2}" class="none">no data</text>`;
  const legendRows = Math.ceil(some.length / 2);
  const plot = { x: inner.x + 52, y: inner.y + 4, w: inner.w - 56, h: inner.h - 20 - 15 * legendRows };
  const top = Math.max(...some.flatMap(({ points }) => points.map(([, value]) => value))) * 1.1 || 1;
  const px = (at: number) => plot.x + ((at - range.from) / (range.to - range.from)) * plot.w;
  const py = (value: number) => plot.y + plot.h - (Math.max(0, value) / top) * plot.h;
  const grid = [0, 0.5, 1].map((part) => {
    const at = py((top / 1.1) * part);
    return `<line x1="${plot.x}" x2="${plot.x + plot.w}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}" class="grid"/>${text(plot.x - 6, at + 4, inUnit((top / 1.1) * part, unit), 'axis')}`;
  });
  const ticks = [0.25, 0.5, 0.75].map((part) => {
    const at = range.from + (range.to - range.from) * part;
    return text(px(at), plot.y + plot.h + 14, new Date(at * 1000).toISOString().slice(11, 16), 'tick');
  });
  const paths = some.map(({ points }, index) => {
    const path = points.map(([at, value], n) => `${n === 0 ? 'M' : 'L'}${px(at).toFixed(1)} ${py(value).toFixed(1)}`);
    return `<path d="${path.join('')}" stroke="${colors[index]}" class="line"/>`;
  });
  const legend = some.map(({ name }, index) => {
    const at = { x: inner.x + (index % 2) * (inner.w / 2), y: plot.y + plot.h + 32 + 15 * Math.floor(index / 2) };
    return `<rect x="${at.x}" y="${at.y - 8}" width="10" height="3" fill="${colors[index]}"/>${text(at.x + 15, at.y - 3, name.slice(0, 34), 'legend')}`;
  });
  return [...grid, ...ticks, ...paths, ...legend].join('\n');
}

/** As Grafana shows values of these units. */
function inUnit(value: number, unit: string): string {
  switch (unit) {
    case 's':
      return inSeconds(value);
    case 'bytes':
      return value >= 2 ** 30 ? `${short(value / 2 ** 30)} GiB` : `${short(value / 2 ** 20)} MiB`;
    case 'percentunit':
      return `${short(value * 100)} %`;
    case 'ops':
    case 'reqps':
      return `${short(value)}/s`;
    default:
      return value >= 10_000 ? `${short(value / 1000)} k` : short(value);
  }
}

function inSeconds(value: number): string {
  if (value === 0) return '0 s';
  if (value < 1) return `${short(value * 1000)} ms`;
  if (value < 120) return `${short(value)} s`;
  return value < 7200 ? `${short(value / 60)} min` : `${short(value / 3600)} h`;
}

function short(value: number): string {
  if (value === 0) return '0';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function text(x: number, y: number, content: string, style: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" class="${style}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const style = `
  text { font-family: Inter, "Helvetica Neue", Arial, sans-serif; fill: #24292e; }
  .panel { fill: #ffffff; stroke: #d8d9da; } .row { font-size: 15px; font-weight: 600; } .title { font-size: 13px; font-weight: 500; }
  .stat { font-size: 28px; font-weight: 600; text-anchor: middle; } .none { font-size: 13px; text-anchor: middle; fill: #7c7f88; }
  .axis { font-size: 10px; text-anchor: end; fill: #7c7f88; } .tick { font-size: 10px; text-anchor: middle; fill: #7c7f88; }
  .legend { font-size: 11px; } .grid { stroke: #ececec; } .line { fill: none; stroke-width: 1.5; }`;

const dashboard: { readonly title: string; readonly panels: readonly Panel[] } = JSON.parse(
  await readFile(join(import.meta.dirname, '..', 'config', 'grafana-dashboard.json'), 'utf8'),
);
const to = Math.floor((flags.until === undefined ? Date.now() : Date.parse(flags.until)) / 1000);
const range = { from: to - Number(flags.minutes) * 60, to };
const height = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h)) * line;
const drawn: string[] = [];
for (const panel of dashboard.panels) drawn.push(await draw(panel, range));
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>The dashboard of certmux</title>
<style>${style}</style>
<rect width="${width}" height="${height}" fill="#f4f5f5"/>
${drawn.join('\n')}
</svg>
`;
await writeFileAtomically(output, svg, { mode: 0o644 });
console.log(`${output}: ${dashboard.panels.length} panels`);
