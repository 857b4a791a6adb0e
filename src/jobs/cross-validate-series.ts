import type { CrossValidation } from '../evaluate/cross-validate.js';
import { undisturbedHistory } from '../features/events.js';
import { historyBefore } from '../forecast/split-run.js';
import { chooseEngine } from '../neural/engines/choose-engine.js';
import type { Series } from '../store/store.js';
import type { JobControl, JobServices } from './job-services.js';
import { pastWeather } from './past-weather.js';
import { lastKnownEnd, seriesHistory } from './series-history.js';
import { runInThread } from './thread/job-thread.js';
import type { CrossValidateTask } from './thread/tasks.js';

/**
 * Cross-validates members on all that is known of a series, in a job thread. Nothing is stored: it says what models of
 * this kind are worth on this series, not what those in use are.
 * @throws {InsufficientHistoryError} if the history is too short for so many folds
 */
export async function crossValidateSeries(
  services: JobServices,
  series: Series,
  choice: Pick<CrossValidateTask, 'scheme' | 'folds' | 'windowDays' | 'weather' | 'members'>,
  control: JobControl = {},
): Promise<CrossValidation> {
  const everything = await seriesHistory(services, series);
  const untilMs = lastKnownEnd(everything.load);
  const { engine } = await chooseEngine(services.engine.preference, services.engine.folder);
  return runInThread(
    {
      kind: 'cross-validate',
      ...choice,
      weatherRuns:
        choice.weather === 'actual'
          ? []
          : await pastWeather(services.store, series, untilMs, services.horizonHours),
      history: historyBefore(undisturbedHistory(everything), untilMs),
      loadDelayHours: series.reportingDelayHours,
      seed: services.seed,
      threads: services.threads,
      engine,
      lstm: services.lstm,
    },
    control,
  );
}
