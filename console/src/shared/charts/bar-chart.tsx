/** Bars as a picture of our own, and the same numbers as a table for whoever does not see it, or wants them exactly. */
import { useTexts } from '../../preferences/texts-provider.tsx';
import styles from './charts.module.css';

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** As people read it; the number itself by default. */
  readonly text?: string;
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
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={charts.summary(label, largest?.text ?? String(most), largest?.label ?? '')}
        preserveAspectRatio="none"
        className={styles.picture}
      >
        {bars.map(({ key, label: name, value, text }, place) => {
          const tall = value <= 0 ? 1 : Math.max(3, (value / most) * (height - 4));
          return (
            <rect
              key={key}
              x={place * step + gap / 2}
              y={height - tall}
              width={Math.max(1, step - gap)}
              height={tall}
              rx={1.5}
              className={value > 0 ? styles.bar : styles.noBar}
            >
              <title>{`${name}: ${text ?? value}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption className={styles.ends}>
        <span>{first}</span>
        <span>{charts.most(largest?.text ?? String(most))}</span>
        <span>{last}</span>
      </figcaption>
    </figure>
  );
}

export interface NumberTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
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
