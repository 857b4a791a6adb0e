import { valueAt } from '../core/hourly.js';
import { hourMs } from '../core/time.js';
import { isSameRun, type TemperatureRun } from './weather.js';

/** Temperatures of the horizon that may come as well, °C, shape (horizon,) each; none where there are too few. */
export type ScenarioReader = (issuedAtMs: number) => Float64Array[];

/** with fewer courses nothing is said of how sure the weather is */
const leastScenarios = 3;
/** more tell hardly more, and each costs a run of the blend */
export const mostScenarios = 10;
/** runs that began longer before the newest one are no alternative to it any more */
const alternativeHours = 36;
/** of the horizon, that a run has to reach */
const leastReached = 0.75;

/**
 * The members of the newest ensemble that was available at the issue time, or, where runs have none, that run and those
 * shortly before it (a lagged ensemble, Hoffman & Kalnay 1983). Hours that a run does not reach are taken from the newest.
 */
export function runScenarios(
  runs: readonly TemperatureRun[],
  horizonHours: number,
): ScenarioReader {
  const newestFirst = [...runs].sort((a, b) => b.runAtMs - a.runAtMs);
  return (issuedAtMs) => {
    const course = (run: TemperatureRun): Float64Array =>
      Float64Array.from({ length: horizonHours }, (_, lead) =>
        valueAt(run.temperature, issuedAtMs + lead * hourMs),
      );
    const known = newestFirst
      .filter(({ availableAtMs }) => availableAtMs <= issuedAtMs)
      .map((run) => ({ run, celsius: course(run) }))
      .filter(
        ({ celsius }) => celsius.filter(Number.isFinite).length >= leastReached * horizonHours,
      );
    const [newest] = known;
    if (!newest) return [];
    const members = known.filter(({ run }) => isSameRun(run, newest.run));
    const since = newest.run.runAtMs - alternativeHours * hourMs;
    const chosen =
      members.length >= leastScenarios
        ? members
        : known.filter(
            ({ run }, i) => run.runAtMs >= since && known[i - 1]?.run.runAtMs !== run.runAtMs,
          );
    if (chosen.length < leastScenarios) return [];
    const stride = Math.ceil(chosen.length / mostScenarios);
    return chosen
      .filter((_, i) => i % stride === 0)
      .map(({ celsius }) =>
        celsius.map((value, lead) => (Number.isFinite(value) ? value : newest.celsius[lead]!)),
      );
  };
}
