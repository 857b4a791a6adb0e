import { LoadcastError } from '../core/errors.js';
import { undisturbedHistory } from '../features/events.js';
import { historyBefore } from '../forecast/split-run.js';
import { chooseEngine } from '../neural/engines/choose-engine.js';
import { engineTitle } from '../neural/engines/engine.js';
import type { BundleRecord, Series } from '../store/store.js';
import { storeBundle } from './bundle-files.js';
import { issueTimesOf } from './issue-times.js';
import type { JobControl, JobServices } from './job-services.js';
import { pastWeather } from './past-weather.js';
import { readChampion } from './read-champion.js';
import { lastKnownEnd, replayOrigins, seriesHistory } from './series-history.js';
import { runInThread } from './thread/job-thread.js';
import type { TrainTask } from './thread/tasks.js';

/**
 * Trains all members of one series in a job thread and makes the bundle its champion. A live series is trained on all
 * it has; a replay only on what lies before its first replayed midnight. One that was killed goes on where it was, if
 * the history is still the same.
 */
export async function trainSeries(
  services: JobServices,
  series: Series,
  control: JobControl = {},
): Promise<BundleRecord> {
  const everything = await seriesHistory(services, series);
  const untilMs =
    series.kind === 'replay' ? replayOrigins(everything)[0] : lastKnownEnd(everything.load);
  if (untilMs === undefined)
    throw new LoadcastError(
      'INSUFFICIENT_HISTORY',
      `The replay series "${series.name}" holds no local midnight with ${services.horizonHours} h after it.`,
    );
  const previous = services.warmStart ? (await readChampion(services, series)).bundle : null;
  const { preference, folder } = services.engine;
  const { engine, reason } = await chooseEngine(preference, folder);
  services.note(`training ${series.name}: ${engineTitle(engine)} (${reason})`);
  const task: TrainTask = {
    kind: 'train',
    seriesId: series.id,
    history: historyBefore(undisturbedHistory(everything), untilMs),
    // A replay is issued with the temperature that came; weights and quantiles that are served must know the errors
    // of a weather forecast.
    weather: series.kind === 'replay' ? 'actual' : 'model',
    weatherRuns:
      series.kind === 'replay'
        ? []
        : await pastWeather(services.store, series, untilMs, services.horizonHours),
    trainedAtMs: services.nowMs(),
    issueTimes:
      series.kind === 'replay'
        ? ['00:00']
        : issueTimesOf(services.forecastCron, series.place.zone, services.nowMs()),
    loadDelayHours: series.reportingDelayHours,
    seed: services.seed,
    threads: services.threads,
    engine,
    members: services.membersOf(series.id),
    lstm: services.lstm,
    ...(previous ? { warmStart: previous.members } : {}),
  };
  const checkpointsFolder = await services.checkpoints.folderOf(task);
  const saved = await runInThread({ ...task, checkpointsFolder }, control);
  if (saved.members.length === 0) {
    const reasons = saved.card.members.flatMap((member) => member.notFitted ?? []);
    throw new LoadcastError(
      'INSUFFICIENT_HISTORY',
      `No member of "${series.name}" could be trained: ${reasons.join('; ')}`,
    );
  }
  const record = await storeBundle(services.store, services.modelFiles, saved, services.nowMs());
  await services.checkpoints.forget(series.id);
  return record;
}
