import type { Command } from 'commander';
import { z } from 'zod';
import { LoadcastError } from '../core/errors.js';
import { seriesIdOf } from '../core/series-id.js';
import { learnWeights } from '../jobs/learn-weights.js';
import { readPlainConfig, writeConfig } from './config-file.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { chosenSeries, runSeriesJob, seriesCommand, withWorkplace } from './series-command.js';

interface PointsOptions {
  readonly series?: string;
  readonly write?: boolean;
  readonly json?: JsonTarget;
}

export function registerPoints(program: Command): void {
  seriesCommand(
    program,
    'points',
    'learn from the load how much each weather point of a live series counts',
  )
    .option('--write', 'put the weights into the configuration, where they are better')
    .action(points);
}

async function points(name: string | undefined, options: PointsOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const learned = await runSeriesJob(
      workplace,
      'points',
      series,
      `Learn the weights of the weather points of ${series.name}`,
      (control) => learnWeights(workplace.services, series, control),
    );
    const { better, errorPct, given, days } = learned;
    const written = options.write === true && better;
    if (written) await writeWeights(workplace.config.file, series.id, learned.weights);
    if (options.json !== true) {
      for (const [i, point] of learned.points.entries())
        printLine(
          options.json,
          `${point.name ?? `${point.latitude}, ${point.longitude}`}: ${percent(given[i])} given, ${percent(learned.weights[i])} learned`,
        );
      printLine(
        options.json,
        `Left unexplained of the last fifth of ${days} days: ${errorPct.given.toFixed(2)} % of the load with the given weights, ${errorPct.learned.toFixed(2)} % with learned ones.`,
      );
      printLine(options.json, advice(better, written, series.id));
    }
    await writeJson(options.json, { seriesId: series.id, written, ...learned });
  });
}

function advice(better: boolean, written: boolean, id: string): string {
  if (!better) return 'Learning brings nothing: the given weights stay.';
  return written
    ? `Written. \`loadcast ingest ${id} --since DATE\` reads the temperatures of the past again with these weights; then train.`
    : '--write puts the learned weights into the configuration.';
}

function percent(share = Number.NaN): string {
  return `${Math.round(100 * share)} %`;
}

const seriesWithPoints = z.looseObject({
  name: z.string(),
  weather: z
    .looseObject({ points: z.array(z.looseObject({})) })
    .nullable()
    .optional(),
});

/** @throws {LoadcastError} CONFLICT for a configuration that only a person can change */
async function writeWeights(
  file: string | null,
  seriesId: string,
  weights: readonly number[],
): Promise<void> {
  const config = file === null ? null : await readPlainConfig(file);
  if (file === null || config === null)
    throw new LoadcastError(
      'CONFLICT',
      `${file ?? 'The configuration'} is no plain JSON; write these weights there by hand: ${weights.map(rounded).join(', ')}.`,
    );
  const changed = (config.series ?? []).map((each) => {
    const series = seriesWithPoints.safeParse(each).data;
    if (!series?.weather || seriesIdOf(series.name) !== seriesId) return each;
    const { weather } = series;
    const weighted = weather.points.map((point, i) => ({ ...point, weight: rounded(weights[i]) }));
    return { ...series, weather: { ...weather, points: weighted } };
  });
  await writeConfig(file, { ...config, series: changed });
}

/** A point that does not count keeps a trace: weights are positive. */
function rounded(weight = 0): number {
  return Math.max(0.001, Number(weight.toFixed(3)));
}
