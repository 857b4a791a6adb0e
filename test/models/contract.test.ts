import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { additiveMember } from '../../src/models/additive/additive.js';
import { boostingMember, stackedBoostingMember } from '../../src/models/boosting/boosting.js';
import type { SavedMember } from '../../src/models/member.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { prophetMember } from '../../src/models/prophet/prophet.js';
import { similarDayMember } from '../../src/models/similar-day/similar-day.js';
import { victoriaHistory } from '../features/victoria.js';

const whole = victoriaHistory();
const { startMs } = whole.load;
const fitHours = 24 * 120;
const options = { seed: 1, threads: 1, validationStart: null, steps: null };

function tableAt(
  originHours: number,
  horizon: number,
  change?: (history: History) => void,
): FeatureTable {
  const history = {
    ...whole,
    load: { startMs, values: whole.load.values.slice() },
    temperature: { startMs, values: whole.temperature.values.slice() },
  };
  change?.(history);
  const issuedAtMs = startMs + originHours * hourMs;
  return buildFeatureTable({ history, issuedAtMs, endMs: issuedAtMs + horizon * hourMs });
}

function window(table: FeatureTable, hours: number): FeatureTable {
  return buildFeatureTable({
    history: whole,
    issuedAtMs: table.startMs + table.originIndex * hourMs,
    endMs: table.startMs + table.length * hourMs,
    startMs: table.startMs + (table.originIndex - hours) * hourMs,
  });
}

function none({ temperature }: History): void {
  temperature.values.fill(Number.NaN);
}

function net({ load }: History): void {
  for (const [i, value] of load.values.entries()) load.values[i] = value - 4500;
}

// What every member that is fitted without a random draw keeps to.
describe.each([
  { member: prophetMember, ratioToNaive: 0.75 },
  // four months are little for it: it comes into its own with a year
  { member: additiveMember, ratioToNaive: 0.9 },
  { member: boostingMember, ratioToNaive: 0.9 },
  { member: stackedBoostingMember, ratioToNaive: 1 },
  { member: similarDayMember, ratioToNaive: 0.9 },
])('$member.name', async ({ member, ratioToNaive }) => {
  const fitted = await member.fit(tableAt(fitHours, 0), options);

  it('is far ahead of seasonal naive on the weeks after its fit', async () => {
    const naive = await naiveMember.fit(tableAt(fitHours, 0), options);
    let [error, naiveError] = [0, 0];
    for (let day = 0; day < 28; day++) {
      const table = tableAt(fitHours + 24 * day, 72);
      const point = fitted.predict(table).pointMw;
      const repeated = naive.predict(table).pointMw;
      for (let lead = 0; lead < 72; lead++) {
        const actual = whole.load.values[fitHours + 24 * day + lead] ?? Number.NaN;
        error += Math.abs((point[lead] ?? Number.NaN) - actual);
        naiveError += Math.abs((repeated[lead] ?? Number.NaN) - actual);
      }
    }
    expect(error / naiveError).toBeLessThan(ratioToNaive);
  });

  it('forecasts the same after a round through JSON and bytes', async () => {
    const saved = fitted.save();
    const restored = await member.restore({
      name: saved.name,
      manifest: JSON.parse(JSON.stringify(saved.manifest)),
      weights: saved.weights.slice(),
    });
    const table = tableAt(fitHours + 100, 72);
    expect(restored.predict(table).pointMw).toEqual(fitted.predict(table).pointMw);
  });

  it('refuses damaged parts', async () => {
    const saved = fitted.save();
    const damaged = expect.objectContaining({ code: 'DAMAGED_MODEL' });
    const refused = async (part: Partial<SavedMember>): Promise<void> => {
      await expect(async () => member.restore({ ...saved, ...part })).rejects.toEqual(damaged);
    };
    await refused({ name: 'naive' });
    await refused({ manifest: {} });
    await refused({ weights: saved.weights.subarray(8) });
    await refused({ weights: saved.weights.slice().fill(0xff, 0, 8) });
  });

  it('gives the same bytes on two runs, whatever the load from the origin on', async () => {
    const leaky = tableAt(fitHours, 72, ({ load }) => load.values.fill(12_345, fitHours));
    const other = await member.fit(leaky, options);
    expect(other.save()).toEqual(fitted.save());
    const table = tableAt(fitHours, 72);
    expect(other.predict(leaky).pointMw).toEqual(fitted.predict(table).pointMw);
  });

  it('fits rows before the validation part only', async () => {
    const longer = tableAt(fitHours + 500, 0);
    const held = await member.fit(longer, { ...options, validationStart: fitHours });
    const alone = await member.fit(tableAt(fitHours, 0), { ...options, steps: held.steps });
    const table = tableAt(fitHours + 500, 72);
    const [a, b] = [held.predict(table).pointMw, alone.predict(table).pointMw];
    for (const [lead, value] of a.entries())
      expect(value / (b[lead] ?? Number.NaN)).toBeCloseTo(1, 9);
  });

  it('reads no more rows than it says', () => {
    const table = tableAt(fitHours + 300, 72);
    const short = fitted.predict(window(table, member.contextHours)).pointMw;
    const long = fitted.predict(table).pointMw;
    for (const [lead, value] of short.entries())
      expect(value / (long[lead] ?? Number.NaN)).toBeCloseTo(1, 4);
  });

  it('forecasts beyond 72 hours and across imputed hours', () => {
    const table = tableAt(fitHours, 168, ({ load }) =>
      load.values.fill(Number.NaN, fitHours - 12, fitHours),
    );
    const point = fitted.predict(table).pointMw;
    expect(point.length).toBe(168);
    expect(point.every((value) => value > 2500 && value < 10_000)).toBe(true);
  });

  it('follows the temperature of the horizon', () => {
    const hot = tableAt(fitHours, 72, ({ temperature }) => {
      for (let i = fitHours; i < fitHours + 72; i++)
        temperature.values[i] = (temperature.values[i] ?? Number.NaN) + 8;
    });
    const point = fitted.predict(tableAt(fitHours, 72)).pointMw;
    expect(fitted.predict(hot).pointMw).not.toEqual(point);
  });

  it('does without temperature if trained without, and says what is missing otherwise', async () => {
    const bare = await member.fit(tableAt(fitHours, 0, none), options);
    const point = bare.predict(tableAt(fitHours, 72)).pointMw;
    expect(point.every((value) => value > 2500 && value < 10_000)).toBe(true);
    expect(() => fitted.predict(tableAt(fitHours, 72, none))).toThrow(/temperature/);
  });

  it('fits net load that goes below zero', async () => {
    const model = await member.fit(tableAt(fitHours, 0, net), options);
    const point = model.predict(tableAt(fitHours, 72, net)).pointMw;
    expect(point.every((value) => value > -2500 && value < 5500)).toBe(true);
  });

  it('says how much history it needs', async () => {
    const table = tableAt(member.requiredHours - 1, 0);
    const wanted = `Need ${member.requiredHours} h`;
    // a member may refuse at once or by its promise
    await expect(async () => member.fit(table, options)).rejects.toThrow(wanted);
  });
});
