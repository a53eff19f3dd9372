/** Whether a series of samples is flat: a line through them by least squares, and how sure its slope is. */

export interface Sample {
  readonly minutes: number;
  readonly value: number;
}

export interface Trend {
  readonly first: number;
  readonly last: number;
  readonly mean: number;
  readonly slopePerMinute: number;
  /** The slope lies within so much of it, with a confidence of 95 %. */
  readonly uncertainty: number;
  readonly verdict: Verdict;
}

/** `unclear`: the samples scatter too much to tell. */
export type Verdict = 'flat' | 'grows' | 'falls' | 'unclear';

/** A change over the whole time that nobody would notice, as a share of the mean. */
const negligible = 0.05;

/** The factors of Student's distribution for 95 %, by degrees of freedom. */
const factors: readonly number[] = [
  Number.POSITIVE_INFINITY,
  ...[12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13],
];
const factorOfMany = 2.1;

export function trendOf(samples: readonly Sample[]): Trend {
  const mean = meanOf(samples.map(({ value }) => value));
  const middle = meanOf(samples.map(({ minutes }) => minutes));
  let [square, product] = [0, 0];
  for (const { minutes, value } of samples) {
    square += (minutes - middle) ** 2;
    product += (minutes - middle) * (value - mean);
  }
  const slope = product / square;
  const rest = samples.reduce((sum, { minutes, value }) => sum + (value - mean - slope * (minutes - middle)) ** 2, 0);
  const degrees = samples.length - 2;
  const uncertainty = (factors[Math.max(0, degrees)] ?? factorOfMany) * Math.sqrt(rest / Math.max(1, degrees) / square);
  const [first, last] = [samples[0], samples.at(-1)];
  const spanMinutes = (last?.minutes ?? 0) - (first?.minutes ?? 0);
  return {
    first: first?.value ?? Number.NaN,
    last: last?.value ?? Number.NaN,
    mean,
    slopePerMinute: slope,
    uncertainty,
    verdict: verdictOf({ slope, uncertainty, noticed: (negligible * Math.abs(mean)) / spanMinutes }),
  };
}

/** @param noticed the slope from which on somebody would notice it */
function verdictOf({
  slope,
  uncertainty,
  noticed,
}: {
  readonly slope: number;
  readonly uncertainty: number;
  readonly noticed: number;
}): Verdict {
  const [least, most] = [slope - uncertainty, slope + uncertainty];
  if (least > noticed) return 'grows';
  if (most < -noticed) return 'falls';
  // All that it may be is negligible.
  if (least > -noticed && most < noticed) return 'flat';
  if (slope > 0 && least > 0) return 'grows';
  if (slope < 0 && most < 0) return 'falls';
  return 'unclear';
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
