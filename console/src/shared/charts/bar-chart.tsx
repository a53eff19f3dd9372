/** Bars as a picture of our own, and the same numbers as a table for whoever does not see it, or wants them exactly. */
import type { ReactNode } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { type ListOfApi, useFollow, useListAddress } from '../list-link.tsx';
import styles from './charts.module.css';

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** As people read it; the number itself by default. */
  readonly text?: string;
  /** What it counts. The table behind the picture has the same links, for whoever uses no mouse. */
  readonly list?: ListOfApi;
}

export interface BarChartProps {
  /** What is counted: `Certificates per day`. */
  readonly label: string;
  readonly bars: readonly Bar[];
  /** Under the first and the last bar. */
  readonly ends: readonly [first: string, last: string];
}

const width = 560;
const height = 128;
const gap = 2;

export function BarChart({ label, bars, ends: [first, last] }: BarChartProps) {
  const { charts } = useTexts();
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = width / Math.max(1, bars.length);
  const largest = bars.find(({ value }) => value === most);
  return (
    <figure className={styles.chart}>
      <p className="hidden">{charts.summary(label, largest?.text ?? String(most), largest?.label ?? '')}</p>
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" preserveAspectRatio="none" className={styles.picture}>
        {bars.map((bar, place) => (
          <BarOf key={bar.key} bar={bar} x={place * step} step={step} most={most} />
        ))}
      </svg>
      <figcaption className={styles.ends}>
        <span>{first}</span>
        <span>{charts.most(largest?.text ?? String(most))}</span>
        <span>{last}</span>
      </figcaption>
    </figure>
  );
}

interface BarOfProps {
  readonly bar: Bar;
  readonly x: number;
  readonly step: number;
  readonly most: number;
}

function BarOf({ bar: { label, value, text, list }, x, step, most }: BarOfProps) {
  const addressOf = useListAddress();
  const follow = useFollow();
  const tall = value <= 0 ? 1 : Math.max(3, (value / most) * (height - 4));
  const address = list === undefined || value === 0 ? null : addressOf(list);
  const picture = (
    <>
      <title>{`${label}: ${text ?? value}`}</title>
      {address !== null && <rect x={x} y={0} width={step} height={height} className={styles.ground} />}
      <rect
        x={x + gap / 2}
        y={height - tall}
        width={Math.max(1, step - gap)}
        height={tall}
        rx={1.5}
        className={value > 0 ? styles.bar : styles.noBar}
      />
    </>
  );
  if (address === null) return <g>{picture}</g>;
  return (
    <a href={address} tabIndex={-1} className={styles.barLink} onClick={(event) => follow(event, address)}>
      {picture}
    </a>
  );
}

export interface NumberTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

/** Behind each chart. */
export function NumberTable({ label, columns, rows }: NumberTableProps) {
  const { charts } = useTexts();
  return (
    <details className={styles.behind}>
      <summary>{charts.asTable}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by the keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <table className={styles.table}>
          <caption className="hidden">{label}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells: [head, ...cells] }) => (
              <tr key={key}>
                <th scope="row">{head}</th>
                {cells.map((cell, place) => (
                  <td key={columns[place + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
