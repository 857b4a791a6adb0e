import { LoadcastError } from '../core/errors.js';
import type { AnomalySensitivity, Evaluation } from '../core/evaluation.js';
import type { Forecast } from '../core/forecast.js';
import { horizonOf, type History } from '../core/history.js';
import { dayMs, hourMs } from '../core/time.js';
import { spreadOrigins } from '../evaluate/anomaly.js';
import { evaluateForecasts } from '../evaluate/evaluate-forecasts.js';
import { undisturbedHistory } from '../features/events.js';
import { historyBefore, dailyOrigins } from '../forecast/split-run.js';
import type { Series } from '../store/store.js';
import type { JobControl, JobServices } from './job-services.js';
import { readChampion } from './read-champion.js';
import { lastKnownEnd, seriesHistory } from './series-history.js';
import { runInThread } from './thread/job-thread.js';

const windowDays = 60;
const anomalyDays = 20;

/**
 * Scores the stored forecasts of the last 60 days whose truth is known, and how they answer to faulty inputs.
 * @throws {LoadcastError} NOT_FOUND if no stored forecast has a known hour
 */
export async function evaluateSeries(
  services: JobServices,
  series: Series,
  control: JobControl = {},
): Promise<Evaluation> {
  const everything = await seriesHistory(services, series);
  const knownMs = lastKnownEnd(everything.load);
  const forecasts = await services.store.listForecasts(series.id, {
    startMs: knownMs - windowDays * dayMs,
    endMs: knownMs,
  });
  if (forecasts.length === 0)
    throw new LoadcastError(
      'NOT_FOUND',
      `No forecast of "${series.name}" has a known load to be scored with yet; the first can be scored an hour after its issue time.`,
    );
  const evaluation = evaluateForecasts({
    seriesId: series.id,
    zone: series.place.zone,
    evaluatedAtMs: services.nowMs(),
    forecasts,
    load: everything.load,
    anomaly: await anomaly(services, series, everything, forecasts, control),
  });
  await services.store.saveEvaluation(evaluation);
  return evaluation;
}

/**
 * On up to 20 days spread over the issue times with a whole known horizon; null without such a day or without models
 * that can be used: the accuracy of what was issued is worth storing all the same.
 */
async function anomaly(
  services: JobServices,
  series: Series,
  everything: History,
  forecasts: readonly Forecast[],
  control: JobControl,
): Promise<AnomalySensitivity | null> {
  const { bundle } = await readChampion(services, series);
  const horizonHours = horizonOf(everything);
  const wholeUntilMs = lastKnownEnd(everything.load) - horizonHours * hourMs;
  const issued = forecasts.map((f) => f.issuedAtMs).filter((atMs) => atMs <= wholeUntilMs);
  // A live series has few issued forecasts at first: its last midnights serve as well.
  const origins =
    series.kind === 'replay'
      ? issued
      : dailyOrigins(
          series.place.zone,
          wholeUntilMs - windowDays * dayMs,
          wholeUntilMs + horizonHours * hourMs,
          ['00:00'],
          horizonHours,
        );
  if (!bundle || origins.length === 0) return null;
  try {
    return await runInThread(
      {
        kind: 'anomaly',
        everything: historyBefore(undisturbedHistory(everything), lastKnownEnd(everything.load)),
        bundle,
        origins: spreadOrigins(origins, anomalyDays),
        loadDelayHours: series.reportingDelayHours,
        seed: services.seed,
      },
      control,
    );
  } catch (error) {
    if (!(error instanceof LoadcastError && error.code === 'DAMAGED_MODEL')) throw error;
    services.warn(`The models of ${series.id} cannot be used: ${error.message}`);
    return null;
  }
}
